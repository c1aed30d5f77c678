// Every BLAS and LAPACK routine that Rapport calls: CBLAS by its own header, LAPACK by our prototypes, since Debian's
// liblapack-dev has no header. The Fortran ABI appends one size_t for each CHARACTER argument.
#ifndef RAPPORT_CLAPACK_H
#define RAPPORT_CLAPACK_H

#include <cblas.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t lapack_index;

// Cholesky: factor, inverse from the factor.
void dpotrf_(const char *uplo, const lapack_index *n, double *a, const lapack_index *lda, lapack_index *info, size_t);
void dpotri_(const char *uplo, const lapack_index *n, double *a, const lapack_index *lda, lapack_index *info, size_t);

// QR with column pivoting.
void dgeqp3_(const lapack_index *m, const lapack_index *n, double *a, const lapack_index *lda, lapack_index *pivots,
             double *tau, double *work, const lapack_index *lwork, lapack_index *info);

// Eigenvalues and vectors of a symmetric matrix; singular values.
void dsyevd_(const char *jobz, const char *uplo, const lapack_index *n, double *a, const lapack_index *lda, double *w,
             double *work, const lapack_index *lwork, lapack_index *iwork, const lapack_index *liwork,
             lapack_index *info, size_t, size_t);
void dgesdd_(const char *jobz, const lapack_index *m, const lapack_index *n, double *a, const lapack_index *lda,
             double *s, double *u, const lapack_index *ldu, double *vt, const lapack_index *ldvt, double *work,
             const lapack_index *lwork, lapack_index *iwork, lapack_index *info, size_t);

// LU: factor and solve.
void dgetrf_(const lapack_index *m, const lapack_index *n, double *a, const lapack_index *lda, lapack_index *pivots,
             lapack_index *info);
void dgetrs_(const char *trans, const lapack_index *n, const lapack_index *nrhs, const double *a,
             const lapack_index *lda, const lapack_index *pivots, double *b, const lapack_index *ldb,
             lapack_index *info, size_t);

#endif

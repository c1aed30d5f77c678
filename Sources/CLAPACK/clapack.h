// Every BLAS and LAPACK routine that Rapport calls: CBLAS by its own header, LAPACK by our prototypes, since Debian's
// liblapack-dev has no header. The Fortran ABI appends one size_t for each CHARACTER argument.
#ifndef RAPPORT_CLAPACK_H
#define RAPPORT_CLAPACK_H

#include <cblas.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t lapack_index;

void dpotrf_(const char *uplo, const lapack_index *n, double *a, const lapack_index *lda, lapack_index *info, size_t);

#endif

# What psych and GPArotation take for the work of FactorSpeed, one process, on the same rows.
#
#   Rscript factor_peers.R ROWS.csv FACTORS DRAWS STARTS
#
# Prints a line per task: name, wall seconds, CPU seconds, then numbers that FactorSpeed compares with its own.
suppressPackageStartupMessages({ library(psych); library(GPArotation) })
options(mc.cores = 1, digits = 15)
arguments <- commandArgs(trailingOnly = TRUE)
X <- as.matrix(read.csv(arguments[1])); m <- as.integer(arguments[2]); draws <- as.integer(arguments[3]); starts <- as.integer(arguments[4])
# `n` repetitions, so that short work can be timed; the time of one is told.
timed <- function(name, n, work, tell) {
  taken <- system.time(for (i in seq_len(n)) answer <- suppressWarnings(suppressMessages(work())))
  cat("result", name, taken[["elapsed"]] / n, sum(taken[c("user.self", "sys.self", "user.child", "sys.child")]) / n, tell(answer), "\n")
}
quiet <- function(work) { file <- nullfile(); sink(file); on.exit(sink()); work() }
# Squared multiple correlations on the diagonal, as in FactorSpeed, are psych's faster choice.
timed("parallel", 1, function() quiet(function() fa.parallel(X, n.iter = draws, fa = "both", SMC = TRUE, plot = FALSE)),
  function(a) c(a$nfact, a$ncomp))
timed("bootstrap", 1, function() fa(X, m, n.iter = draws, fm = "minres", rotate = "oblimin", p = .1),
  function(a) sort(abs(unclass(a$loadings)), decreasing = TRUE)[1:5])
L <- unclass(fa(X, m, fm = "minres", rotate = "none")$loadings)
set.seed(1)
timed("rotation", 3, function() min(sapply(seq_len(starts), function(k)
  tail(GPFoblq(L, Tmat = Random.Start(m), method = "quartimin", normalize = FALSE, eps = 1e-5, maxit = 1000)$Table[, 2], 1))), identity)

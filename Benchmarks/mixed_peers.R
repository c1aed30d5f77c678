# What lme4 takes for the work of MixedSpeed, one process, on the same rows.
#
#   Rscript mixed_peers.R ROWS.csv
#
# Prints "result mixed", wall seconds, CPU seconds, then the coefficients, and the variances of manager, partner, pair and residual.
suppressPackageStartupMessages(library(lme4))
options(digits = 15)
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1], stringsAsFactors = TRUE)
model <- y ~ priority + topic + x1 + x2 + (1 | manager) + (1 | partner) + (1 | manager:partner)
taken <- system.time(fit <- lmer(model, rows, REML = TRUE))
# lmer stops short of its optimum; what is compared is the optimum itself, by Newton steps from where lmer stopped, outside the
# time. Differences of fourth order, wide enough that rounding hardly shows.
parts <- lFormula(model, rows, REML = TRUE)
deviance <- do.call(mkLmerDevfun, parts)
theta <- unname(getME(fit, "theta")); k <- length(theta); h <- 5e-3 * pmax(theta, .1)
at <- function(shift) deviance(theta + shift)
along <- function(i, m) { e <- numeric(k); e[i] <- m * h[i]; e }
for (step in 1:3) {
  here <- at(numeric(k)); g <- numeric(k); H <- matrix(0, k, k)
  for (i in 1:k) {
    v <- sapply(c(-2, -1, 1, 2), function(m) at(along(i, m)))
    g[i] <- (v[1] - 8 * v[2] + 8 * v[3] - v[4]) / (12 * h[i])
    H[i, i] <- (16 * (v[2] + v[3]) - v[1] - v[4] - 30 * here) / (12 * h[i]^2)
  }
  for (i in 1:k) for (j in seq_len(i - 1)) {
    v <- sapply(list(c(1, 1), c(1, -1), c(-1, 1), c(-1, -1)), function(m) at(along(i, m[1]) + along(j, m[2])))
    H[i, j] <- H[j, i] <- (v[1] - v[2] - v[3] + v[4]) / (4 * h[i] * h[j])
  }
  theta <- theta - solve(H, g)
}
value <- deviance(theta)
refined <- mkMerMod(environment(deviance), list(par = theta, fval = value, conv = 0), parts$reTrms, parts$fr)
variances <- as.data.frame(VarCorr(refined))
cat("result mixed", taken[["elapsed"]], sum(taken[c("user.self", "sys.self")]), fixef(refined),
  sapply(c("manager", "partner", "manager:partner", "Residual"), function(g) variances$vcov[variances$grp == g]), "\n")

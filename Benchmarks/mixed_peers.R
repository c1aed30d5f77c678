# What lme4 takes for the work of MixedSpeed, one process, on the same rows.
#
#   Rscript mixed_peers.R ROWS.csv
#
# Prints "result", wall seconds, CPU seconds, then the coefficients, and the variances of manager, partner, pair and residual.
suppressPackageStartupMessages(library(lme4))
options(digits = 15)
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1], stringsAsFactors = TRUE)
taken <- system.time(fit <- lmer(
  y ~ priority + topic + x1 + x2 + (1 | manager) + (1 | partner) + (1 | manager:partner), rows, REML = TRUE))
# lmer stops short of its optimum; what is compared is the optimum, found from where it stopped, outside the time.
refined <- update(fit, start = getME(fit, "theta"), control = lmerControl(optimizer = "bobyqa",
  optCtrl = list(rhoend = 1e-9, maxfun = 5000), calc.derivs = FALSE))
variances <- as.data.frame(VarCorr(refined))
cat("result", taken[["elapsed"]], sum(taken[c("user.self", "sys.self")]), fixef(refined),
  sapply(c("manager", "partner", "manager:partner", "Residual"), function(g) variances$vcov[variances$grp == g]), "\n")

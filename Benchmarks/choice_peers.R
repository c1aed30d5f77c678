# The same choices by survival's Cox model: a stratum for each pick, an effect for each unit and column.
#
#   Rscript choice_peers.R TABLE.csv
#
# Prints two lines of "result", a name, wall and CPU seconds of coxph, which makes its design itself: "effects" of the columns, then
# of the units against the first; "errors" of the columns.
suppressPackageStartupMessages(library(survival))
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1])
rows$unit <- factor(rows$unit)
rows$time <- 1
columns <- grep("^c[0-9]+$", names(rows), value = TRUE)
formula <- as.formula(paste("Surv(time, picked) ~", paste(columns, collapse = " + "), "+ unit + strata(set)"))
taken <- system.time(fit <- coxph(formula, rows, ties = "breslow"))
seconds <- c(taken[["elapsed"]], sum(taken[c("user.self", "sys.self")]))
cat("result effects", seconds, sprintf("%.15g", coef(fit)), "\n")
cat("result errors", seconds, sprintf("%.15g", sqrt(diag(vcov(fit)))[columns]), "\n")

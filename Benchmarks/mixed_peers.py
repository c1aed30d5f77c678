#!/usr/bin/env python3
"""What statsmodels takes for a mixed model with one grouping, on the same rows as Rapport.

    mixed_peers.py ROWS.csv

Prints "result mixed", wall and CPU seconds of the fit, then the coefficients, and the variances of manager and residual. Its
models with crossed groupings hold dense matrices of all rows, so that it can't fit what lme4 fits here.
"""
import sys, time, warnings

import pandas as pd
import statsmodels.formula.api as models

rows = pd.read_csv(sys.argv[1])
wall, cpu = time.perf_counter(), time.process_time()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    fit = models.mixedlm("y ~ priority + topic + x1 + x2", rows, groups="manager").fit(reml=True)
seconds = time.perf_counter() - wall, time.process_time() - cpu
found = [*fit.fe_params, float(fit.cov_re.iloc[0, 0]), fit.scale]
print("result mixed", *map(repr, map(float, (*seconds, *found))))

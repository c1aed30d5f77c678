#!/usr/bin/env python3
"""What factor_analyzer takes for one analysis by minimum residuals with oblimin, on the same rows as Rapport.

    factor_peers.py ROWS.csv FACTORS

Prints "result analysis", wall and CPU seconds of one of five, then the five largest loadings.
"""
import sys, time, warnings

import numpy as np
from factor_analyzer import FactorAnalyzer

warnings.simplefilter("ignore")
rows = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
repetitions = 5
wall, cpu = time.perf_counter(), time.process_time()
for _ in range(repetitions):
    analyzer = FactorAnalyzer(n_factors=int(sys.argv[2]), rotation="oblimin", method="minres").fit(rows)
seconds = (time.perf_counter() - wall) / repetitions, (time.process_time() - cpu) / repetitions
found = sorted(abs(analyzer.loadings_).ravel(), reverse=True)[:5]
print("result analysis", *map(repr, map(float, (*seconds, *found))))

#!/usr/bin/env python3
"""Estimators of rankability against r², as a Markdown table (docs: Methods.md, "Ranking"). Needs numpy and scipy.

    Benchmarks/rankability.py [--organisations 40] [--seed 1] [--draws 300]

Makes organisations of 60 managers with shares of joint decisions, put on 1-100 points between the goalposts 0.1 and 0.9, beyond
which points go no further. r² is the squared correlation of posterior means with the truth, both in points; 0 where all are alike.
Estimators, each the mean over the organisations:

- draws: B/(B + W) over posterior draws of the points, as Rapport ranks (`Rankability.share`), with its beta-binomial prior;
- restricted likelihood: τ²/(τ² + median s²), τ² of a normal-normal model of own points (Lingsma et al. 2009);
- moments: τ²/(τ² + mean s²), τ² = max(0, variance of own points - mean s²).

s is the error in points where a manager is believed to stand, of a share that errs normally (Gauss-Hermite, five nodes). Decisions are
independent here: what halves of the months add (φ) is left out.
"""
import argparse

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betaln

LOWEST, HIGHEST = 0.1, 0.9
MANAGERS = 60
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def points(share):
    return 1 + 99 * np.clip((share - LOWEST) / (HIGHEST - LOWEST), 0, 1)


def posterior(successes, trials):
    """a and b of each manager's beta posterior, as `BetaPrior` has them: the mode of ℓ(log M) + log M - 3 log(c + M), and what
    remains unknown about the prior's mean and weight widens."""
    typical = trials.mean()

    def loss(place):
        mean, weight = 1 / (1 + np.exp(-place[0])), np.exp(place[1])
        a, b = mean * weight, (1 - mean) * weight
        likelihood = np.sum(betaln(a + successes, b + trials - successes) - betaln(a, b))
        return -(likelihood + 0.5 * np.log(mean * (1 - mean)) + place[1] - 3 * np.log(typical + weight))

    start = (successes.sum() + 0.5) / (trials.sum() + 1)
    limits = [(-12, 12), (np.log(0.05), np.log(1e6))]
    x, y = minimize(loss, [np.log(start / (1 - start)), np.log(10)], method="Nelder-Mead", bounds=limits,
                    options={"xatol": 1e-7, "fatol": 1e-9}).x
    mean, weight, h = 1 / (1 + np.exp(-x)), np.exp(y), 0.02
    bend = np.array([[sum(i * j * loss([x + h * (i * (p == 0) + j * (q == 0)), y + h * (i * (p == 1) + j * (q == 1))])
                          for i in (-1, 1) for j in (-1, 1)) for q in (0, 1)] for p in (0, 1)]) / (4 * h * h)
    known = bend[0, 0] > 0 and np.linalg.det(bend) > 0
    errors = np.diag(np.linalg.inv(bend)) if known else np.array([4 / len(trials), 4])
    mean_variance, weight_variance = (mean * (1 - mean)) ** 2 * min(errors[0], 1), min(errors[1], 4)
    total, prior_share = weight + trials, weight / (weight + trials)
    value = (mean * weight + successes) / total
    slope = prior_share * (1 - prior_share) * (mean - successes / trials)
    wider = value * (1 - value) / (total + 1) + prior_share ** 2 * mean_variance + slope ** 2 * weight_variance
    precision = np.maximum(value * (1 - value) / wider - 1, np.minimum(total, 1))
    return value * precision, (1 - value) * precision


def restricted(values, variances):
    """τ² of the highest restricted likelihood."""
    def loss(tau):
        weights = 1 / (variances + tau)
        mean = np.sum(weights * values) / weights.sum()
        return 0.5 * (-np.log(weights).sum() + np.sum(weights * (values - mean) ** 2) + np.log(weights.sum()))

    # The likelihood may have several peaks where errors differ by much: a scan, then a search around the best.
    grid = np.concatenate([[0], np.geomspace(1e-6, max(4 * values.var(), 1e-5), 200)])
    best = int(np.argmin([loss(tau) for tau in grid]))
    if best == 0:
        return 0.0
    between = (grid[best - 1], grid[min(best + 1, len(grid) - 1)])
    return minimize_scalar(loss, bounds=between, method="bounded").x


def organisation(random, shares, trials, draws):
    """r², and ρ by draws, by restricted likelihood and by moments."""
    successes = random.binomial(trials, shares)
    a, b = posterior(successes, trials)
    drawn = points(random.beta(a[:, None], b[:, None], (MANAGERS, draws)))
    means, within = drawn.mean(1), drawn.var(1, ddof=1).mean()
    between = max(0, means.var(ddof=1) - within / draws)
    truth, believed = points(shares), a / (a + b)
    differs = truth.std() > 1e-9 and means.std() > 1e-9
    error = np.sqrt(believed * (1 - believed) / trials)
    variances = ((points(believed[:, None] + error[:, None] * NODES) - points(believed)[:, None]) ** 2 @ WEIGHTS).clip(1e-6)
    own = points(successes / trials)
    tau = restricted(own, variances)
    moment = max(0, own.var(ddof=1) - variances.mean())
    return (np.corrcoef(means, truth)[0, 1] ** 2 if differs else 0, between / (between + within) if between > 0 else 0,
            tau / (tau + np.median(variances)), moment / (moment + variances.mean()))


def beta(mean, deviation):
    weight = mean * (1 - mean) / deviation ** 2 - 1
    return lambda random: random.beta(mean * weight, (1 - mean) * weight, MANAGERS)


def all_at(share):
    return lambda random: np.full(MANAGERS, share)


def each(count):
    return lambda random, shares: np.full(MANAGERS, count)


def mostly_best(random):
    return np.where(np.arange(MANAGERS) < random.integers(20, 39), 0.995, 0.7)


ROWS = [
    ("mean 0.93, deviation 0.05", "96", beta(0.93, 0.05), each(96)),
    ("mean 0.85, deviation 0.12", "96", beta(0.85, 0.12), each(96)),
    ("20 to 38 of 0.995, the others 0.7", "120 and 12", mostly_best, lambda random, shares: np.where(shares > 0.9, 120, 12)),
    ("mean 0.5, deviation 0.08", "3 to 500", beta(0.5, 0.08),
     lambda random, shares: np.clip(np.exp(random.normal(3.2, 1.2, MANAGERS)), 3, 500).astype(int)),
    ("mean 0.5, deviation 0.08", "120, six have 3", beta(0.5, 0.08),
     lambda random, shares: np.where(np.arange(MANAGERS) < 6, 3, 120)),
    ("all 0.9", "96", all_at(0.9), each(96)),
    ("all 0.95", "24", all_at(0.95), each(24)),
    ("all 0.95", "96", all_at(0.95), each(96)),
    ("all 0.97", "96", all_at(0.97), each(96)),
]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--organisations", default=40, type=int)
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--draws", default=300, type=int)
    arguments = parser.parse_args()
    print("| shares | decisions | r² | ρ by draws | by restricted likelihood, median s² | by moments, mean s² |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for row, (name, counts, shares, trials) in enumerate(ROWS):
        random = np.random.default_rng([arguments.seed, row])
        found = []
        for _ in range(arguments.organisations):
            own = shares(random)
            found.append(organisation(random, own, trials(random, own), arguments.draws))
        found = np.array(found)

        def told(k):
            """The mean, and in how many organisations ½ is reached where nobody differs."""
            reached = int((found[:, k] >= 0.5).sum()) if found[:, 0].max() == 0 else 0
            return f"{found[:, k].mean():.2f}" + (f" (½ in {reached} of {len(found)})" if reached else "")

        print(f"| {name} | {counts} | {found[:, 0].mean():.2f} | {told(1)} | {told(2)} | {told(3)} |", flush=True)

#!/usr/bin/env python3
"""What is said of managers whose decisions of one month go together, as a Markdown table (docs: Methods.md, "Ranking").

    Benchmarks/month_clusters.py [--tool .build/release/rapport] [--organisations 5] [--first 1]

Makes logs of sixty managers, eight decisions a month each for a year, whose shares of joint ones are all alike or differ; two decisions
of one month go together with correlation ρ₁ (each month has a share of its own, a beta variable around the manager's). Runs `rapport
score` on each and tells how many 90 % intervals of shares hold the truth and how wide they are, how many managers are put above or below
the middle, how many of them wrongly (all of them where nobody differs), how many are as likely as not in the lowest or the highest tenth,
rankability, and the squared correlation of health with the truth in points. Standard library only.
"""
import argparse
import csv
import json
import pathlib
import random
import statistics
import subprocess
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
MANAGERS, MONTHS, DECISIONS = 60, 12, 8
# Mean shares, and how far managers differ: fewer stand beyond the upper goalpost of 0.9 where they differ less.
SHARES = [(0.7, 0.08), (0.9, 0.05), (0.95, 0.04)]


def beta(source, mean, weight):
    return source.betavariate(mean * weight, (1 - mean) * weight)


def points(share):
    """Between the goalposts 0.1 and 0.9 of joint decisions."""
    return 1 + 99 * min(max((share - 0.1) / 0.8, 0), 1)


def organisation(path, seed, mean, deviation, correlation):
    """Writes a log; the managers' shares."""
    source = random.Random(f"{seed} {mean} {deviation} {correlation}")
    shares = {}
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow("timestamp kind manager partner actor case value".split())
        for manager in range(MANAGERS):
            share = beta(source, mean, mean * (1 - mean) / deviation ** 2 - 1) if deviation else mean
            shares[f"m{manager:02}"] = share
            for month in range(1, MONTHS + 1):
                own = beta(source, share, 1 / correlation - 1) if correlation and 0 < share < 1 else share
                for day in range(1, DECISIONS + 1):
                    rows.writerow([f"2024-{month:02}-{day:02}T10:00:00Z", "decision", f"m{manager:02}", f"p{manager % 3}",
                                   "partner", "", int(source.random() < own)])
    return shares


def assess(tool, seed, mean, deviation, correlation):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shares = organisation(folder / "events.csv", seed, mean, deviation, correlation)
        subprocess.run([tool, "score", folder / "events.csv", "--output", folder / "out", "--quiet"], check=True, capture_output=True)
        found = json.loads((folder / "out/assessment.json").read_text())
    truth = {manager: points(share) for manager, share in shares.items()}
    middle = statistics.median(truth.values())
    own = {manager["id"]: manager["indicators"]["jointDecisions"] for manager in found["managers"]}
    named = {manager: tier["name"] for tier in found["ranking"]["tiers"] for manager in tier["managers"]
             if tier["name"] != "Not told apart"}
    wrong = [manager for manager, name in named.items()
             if not deviation or (truth[manager] < middle if "above" in name else truth[manager] > middle)]
    ends = [max(manager["rank"]["probabilityLowestTenth"], manager["rank"]["probabilityHighestTenth"]) for manager in found["managers"]]
    health = [manager["health"]["value"] for manager in found["managers"]]
    r2 = 0.0
    if deviation and statistics.pstdev(health) > 0:
        r2 = statistics.correlation(health, [truth[manager["id"]] for manager in found["managers"]]) ** 2
    return (statistics.mean(own[manager]["low"] <= share <= own[manager]["high"] for manager, share in shares.items()),
            statistics.mean(score["high"] - score["low"] for score in own.values()), len(named), len(wrong),
            sum(chance >= 0.5 for chance in ends), found["ranking"]["rankability"], r2)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", default=root / ".build/release/rapport", type=pathlib.Path)
    parser.add_argument("--organisations", default=5, type=int)
    parser.add_argument("--first", default=1, type=int)
    arguments = parser.parse_args()
    print("| share | deviation | ρ₁ | held | width | named | wrongly | in a tenth | ρ | r² |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for mean, deviation in [(mean, own) for mean, spread in SHARES for own in (0, spread)]:
        for correlation in (0, 0.3, 0.6):
            seeds = range(arguments.first, arguments.first + arguments.organisations)
            found = list(zip(*(assess(arguments.tool.resolve(), seed, mean, deviation, correlation) for seed in seeds)))
            held, width, rho, r2 = (statistics.mean(found[k]) for k in (0, 1, 5, 6))
            named, wrong, ends = (sum(found[k]) for k in (2, 3, 4))
            print(f"| {mean} | {deviation or '–'} | {correlation} | {100 * held:.0f} % | {width:.3f} | {named} | {wrong} | {ends} | "
                  f"{rho:.2f} | {r2:.2f} |", flush=True)

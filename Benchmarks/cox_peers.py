#!/usr/bin/env python3
"""Job (d) against survival: Cox's model of the same table with the same terms.

    python3 Benchmarks/cox_peers.py [--rows 100000] [--runs 5] [--rapport .build/release/rapport]

Rows are requests of a made organisation: priority (4 levels), topic (12), two numbers, within 400 partners (strata); one in
eight is still open. `rapport fit cox` reads the CSV and fits; of R only `coxph` itself is timed, not its start nor read.csv. Ties by Efron.
Runs alternate; the table holds medians of CPU seconds; coefficients and standard errors must agree to 1e-6.
"""
import argparse, json, math, os, random, statistics, subprocess, sys, tempfile

R = r"""
suppressPackageStartupMessages(library(survival))
options(digits = 15)
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1], stringsAsFactors = TRUE)
taken <- system.time(fit <- coxph(Surv(hours, answered) ~ x1 + x2 + priority + topic + strata(partner), rows, ties = "efron"))
cat(taken["user.self"] + taken["sys.self"], "\n")
cat(sprintf("%s %.15g %.15g\n", names(coef(fit)), coef(fit), sqrt(diag(vcov(fit)))), sep = "")
"""


def make(path, rows):
    """Times in minutes, so that there are ties, as logs have them."""
    random.seed(1)
    with open(path, "w") as file:
        file.write("hours,answered,priority,topic,x1,x2,partner\n")
        for row in range(rows):
            priority, topic, partner = random.randrange(4), random.randrange(12), random.randrange(400)
            x1, x2 = random.gauss(0, 1), random.gauss(0, 1)
            rate = math.exp(0.3 * priority - 0.05 * topic + 0.2 * x1 - 0.1 * x2 + 0.001 * partner)
            hours = random.expovariate(rate) * 8
            limit = random.expovariate(rate / 7) * 8
            file.write(f"{math.ceil(min(hours, limit) * 60) / 60:.4f},{int(hours <= limit)},p{priority},t{topic:02d},"
                       f"{x1:.6f},{x2:.6f},P{partner}\n")


def rapport(tool, path):
    """CPU seconds of the whole command, and each term's estimate and standard error."""
    command = [tool, "fit", "cox", path, "--stop", "hours", "--event", "answered", "--fixed", "x1,x2,priority,topic",
               "--strata", "partner", "--format", "json", "--quiet"]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit("rapport failed")
        output.seek(0)
        fit = json.load(output)
    terms = {one["name"].replace("=", ""): (one["estimate"], one["standardError"]) for one in fit["coefficients"]}
    return usage.ru_utime + usage.ru_stime, terms


def survival(script, path):
    lines = subprocess.run(["Rscript", script, path], capture_output=True, text=True, check=True).stdout.splitlines()
    terms = {name: (float(a), float(b)) for name, a, b in (line.split() for line in lines[1:])}
    return float(lines[0]), terms


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rapport", default=".build/release/rapport")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table, script = os.path.join(folder, "rows.csv"), os.path.join(folder, "coxph.R")
        make(table, options.rows)
        with open(script, "w") as file:
            file.write(R)
        own, theirs = [], []
        for _ in range(options.runs):
            seconds, terms = rapport(options.rapport, table)
            own.append(seconds)
            seconds, expected = survival(script, table)
            theirs.append(seconds)
            assert terms.keys() == expected.keys(), (terms.keys(), expected.keys())
            worst = max(abs(a - b) / max(abs(b), 1e-3) for name in terms for a, b in zip(terms[name], expected[name]))
            if worst > 1e-6:
                sys.exit(f"estimates differ by {worst:.1e}")
    print(f"{options.rows:,} rows, {len(terms)} terms, 400 strata; largest difference {worst:.1e}\n")
    print("| | CPU s | ratio |\n| --- | ---: | ---: |")
    for name, seconds in (("rapport fit cox, reading included", own), ("survival::coxph, the fit alone", theirs)):
        print(f"| {name} | {statistics.median(seconds):.3f} | {statistics.median(seconds) / statistics.median(own):.1f}× |")


if __name__ == "__main__":
    main()

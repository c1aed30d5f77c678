#!/usr/bin/env python3
"""Job (d) against R's survival and Python's lifelines: Cox's model of the same table with the same terms.

    python3 Benchmarks/cox_peers.py [--rows 100000] [--runs 5] [--rapport .build/release/rapport] [--lifelines] [--results FILE]

Rows are requests of a made organisation: priority (4 levels), topic (12), two numbers, within 400 partners (strata); one in
eight is still open. `rapport fit cox` reads the CSV and fits; of the peers only the fit itself is timed, not their start nor reading the table.
Ties by Efron. Runs alternate; the table holds medians of CPU seconds; coefficients and standard errors must agree to 1e-6 with
survival's, coefficients to 1e-3 with lifelines' (it stops earlier).
"""
import argparse, json, math, os, random, statistics, subprocess, sys, tempfile, time

from results import append

R = r"""
suppressPackageStartupMessages(library(survival))
options(digits = 15)
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1], stringsAsFactors = TRUE)
taken <- system.time(fit <- coxph(Surv(hours, answered) ~ x1 + x2 + priority + topic + strata(partner), rows, ties = "efron"))
cat(taken["elapsed"], taken["user.self"] + taken["sys.self"], "\n")
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
    """Wall and CPU seconds of the whole command, and each term's estimate and standard error."""
    command = [tool, "fit", "cox", path, "--stop", "hours", "--event", "answered", "--fixed", "x1,x2,priority,topic",
               "--strata", "partner", "--format", "json", "--quiet"]
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status != 0:
            sys.exit("rapport failed")
        output.seek(0)
        fit = json.load(output)
    terms = {one["name"].replace("=", ""): (one["estimate"], one["standardError"]) for one in fit["coefficients"]}
    return wall, usage.ru_utime + usage.ru_stime, terms


def survival(script, path):
    lines = subprocess.run(["Rscript", script, path], capture_output=True, text=True, check=True).stdout.splitlines()
    terms = {name: (float(a), float(b)) for name, a, b in (line.split() for line in lines[1:])}
    wall, cpu = map(float, lines[0].split())
    return wall, cpu, terms


def lifelines(path):
    """The fit's seconds and coefficients, by terms named as R names them."""
    import pandas as pd
    from lifelines import CoxPHFitter

    rows = pd.read_csv(path)
    wall, cpu = time.perf_counter(), time.process_time()
    fit = CoxPHFitter().fit(rows, "hours", "answered", strata=["partner"], formula="x1 + x2 + priority + topic")
    seconds = time.perf_counter() - wall, time.process_time() - cpu
    names = {name: name.replace("[T.", "").replace("]", "") for name in fit.params_.index}
    return *seconds, {names[name]: (float(fit.params_[name]), float(fit.standard_errors_[name])) for name in names}


def worst(terms, expected, which):
    """The largest difference of estimates (0) or of these and standard errors (0 and 1), in estimates or in 0.001."""
    if terms.keys() != expected.keys():
        sys.exit(f"other terms: {sorted(terms)}, {sorted(expected)}")
    return max(abs(terms[name][i] - expected[name][i]) / max(abs(expected[name][i]), 1e-3) for name in terms for i in which)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rapport", default=".build/release/rapport")
    parser.add_argument("--lifelines", action="store_true", help="lifelines too, which takes its time")
    parser.add_argument("--results", help="append medians there, a line of JSON each")
    options = parser.parse_args()
    seconds = {"Rapport": [], "survival": []} | ({"lifelines": []} if options.lifelines else {})
    with tempfile.TemporaryDirectory() as folder:
        table, script = os.path.join(folder, "rows.csv"), os.path.join(folder, "coxph.R")
        make(table, options.rows)
        with open(script, "w") as file:
            file.write(R)
        for _ in range(options.runs):
            *taken, terms = rapport(options.rapport, table)
            seconds["Rapport"].append(taken)
            for name, which, limit in (("survival", (0, 1), 1e-6), ("lifelines", (0,), 1e-3)):
                if name in seconds:
                    *taken, expected = survival(script, table) if name == "survival" else lifelines(table)
                    seconds[name].append(taken)
                    difference = worst(terms, expected, which)
                    if not difference < limit:
                        sys.exit(f"{name}: estimates differ by {difference:.1e}")
    print(f"{options.rows:,} rows, {len(terms)} terms, 400 strata; `rapport fit cox`'s reading included\n")
    print("| | wall s | CPU s | CPU |\n| --- | ---: | ---: | ---: |")
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in seconds.items()}
    for name, (wall, cpu) in medians.items():
        print(f"| {name} | {wall:.3f} | {cpu:.3f} | {cpu / medians['Rapport'][1]:.1f}× |")
        if options.results:
            append(options.results, job="d", work=f"Cox, {options.rows:,} rows, {len(terms)} terms, 400 strata, reading included",
                   tool=name, wall=wall, cpu=cpu, runs=options.runs, difference="1e-06 at most")


if __name__ == "__main__":
    main()

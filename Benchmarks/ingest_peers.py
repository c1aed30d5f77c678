#!/usr/bin/env python3
"""Jobs (a) and (b) against peers: read a CSV, a CSV packed by gzip or Zstandard, or NDJSON, match each request with its first response, and sum per manager, partner, topic and
priority: how many, Σ log wait, Σ log² wait. Rapport does it as `rapport ingest FILE --ledger FILE --quiet`, which keeps
everything else that scoring needs too, checks every row and writes a ledger file.

    python3 -m venv peers && peers/bin/pip install polars duckdb pandas
    rapport simulate --events 10000000 --output sim          # and a column, so that a row has about 90 bytes
    awk 'NR==1{print $0",id";next}{printf "%s,EVT-2024-%010d\\n",$0,NR-1}' sim/events.csv > events.csv
    peers/bin/python Benchmarks/ingest_peers.py events.csv --rapport .build/release/rapport [--runs 5] [--pandas]

Runs alternate; each is a process of its own, measured by wait4. The table holds medians. Peers read only the columns that
they need, are told every type, and get the same number of threads.
"""
import argparse, json, math, os, statistics, subprocess, sys, tempfile, time

from results import append

COLUMNS = ["timestamp", "kind", "manager", "partner", "case", "topic", "priority"]
KEYS = ["manager", "partner", "topic", "priority"]
TOOLS = {"rapport": "Rapport", "polars": "Polars", "duckdb": "DuckDB", "pandas": "pandas"}


def wrapping(path):
    """How events are written in a file, in words."""
    return {"gz": "CSV by gzip", "zst": "CSV by Zstandard", "ndjson": "NDJSON"}.get(path.rsplit(".", 1)[-1], "CSV")


def header(path):
    """The column names of a CSV, packed or not."""
    opener = {"gz": ["gzip", "-dc"], "zst": ["zstd", "-dc"]}.get(path.rsplit(".", 1)[-1], ["cat"])
    with subprocess.Popen([*opener, path], stdout=subprocess.PIPE) as process:
        names = process.stdout.readline().decode().strip().split(",")
        process.kill()
    return names


def polars(path, threads):
    import polars as pl

    if path.endswith(".ndjson"):
        events = pl.scan_ndjson(path, schema={name: pl.String for name in COLUMNS})
    else:
        events = pl.scan_csv(path, infer_schema=False)
    events = events.select(COLUMNS).filter(pl.col("kind").is_in(["request", "response"]))
    events = events.with_columns(pl.col("timestamp").str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms"))
    requests = events.filter(pl.col("kind") == "request")
    answers = (
        events.filter(pl.col("kind") == "response").group_by("case").agg(pl.col("timestamp").min().alias("answered"))
    )
    waits = requests.join(answers, on="case").with_columns(
        ((pl.col("answered") - pl.col("timestamp")).dt.total_milliseconds() / 1000).alias("wait"))
    waits = waits.filter(pl.col("wait") > 0).with_columns(pl.col("wait").log().alias("log"))
    cells = waits.group_by(KEYS).agg(
        pl.len().alias("n"), pl.col("log").sum().alias("sum"), (pl.col("log") ** 2).sum().alias("squares"))
    cells = cells.collect(engine="streaming")
    return len(cells), int(cells["n"].sum()), float(cells["sum"].sum()), float(cells["squares"].sum())


def duckdb(path, threads):
    import duckdb as db

    connection = db.connect()
    connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false")
    kind = {name: "TIMESTAMP" if name == "timestamp" else "VARCHAR" for name in COLUMNS}
    if path.endswith(".ndjson"):
        source = f"read_ndjson('{path}', columns = {kind})"
    else:
        types = {name: kind.get(name, "VARCHAR") for name in header(path)}
        source = f"read_csv('{path}', header = true, delim = ',', columns = {types})"
    return connection.execute(
        f"""
        WITH events AS (SELECT {", ".join(f'"{name}"' for name in COLUMNS)}
          FROM {source} WHERE kind IN ('request', 'response')),
        answers AS (SELECT "case", min(timestamp) AS answered FROM events WHERE kind = 'response' GROUP BY "case"),
        waits AS (SELECT manager, partner, topic, priority, ln(epoch_ms(answered) / 1000.0 - epoch_ms(timestamp) / 1000.0) AS log
          FROM events JOIN answers USING ("case") WHERE kind = 'request' AND answered > timestamp),
        cells AS (SELECT count(*) AS n, sum(log) AS s, sum(log * log) AS q FROM waits
          GROUP BY manager, partner, topic, priority)
        SELECT count(*), sum(n)::BIGINT, sum(s), sum(q) FROM cells"""
    ).fetchone()


def pandas(path, threads):
    import numpy as np
    import pandas as pd

    if path.endswith(".ndjson"):
        events = pd.read_json(path, lines=True, dtype=False, convert_dates=False)[COLUMNS].fillna("")
    else:
        events = pd.read_csv(path, usecols=COLUMNS, dtype=str, keep_default_na=False)
    events = events[events["kind"].isin(["request", "response"])]
    events["timestamp"] = pd.to_datetime(events["timestamp"], format="%Y-%m-%dT%H:%M:%S")
    requests = events[events["kind"] == "request"]
    answers = events[events["kind"] == "response"].groupby("case")["timestamp"].min().rename("answered")
    waits = requests.join(answers, on="case", how="inner")
    waits["wait"] = (waits["answered"] - waits["timestamp"]).dt.total_seconds()
    waits = waits[waits["wait"] > 0]
    waits["log"] = np.log(waits["wait"])
    waits["square"] = waits["log"] ** 2
    cells = waits.groupby(KEYS).agg(n=("log", "size"), sum=("log", "sum"), squares=("square", "sum"))
    return len(cells), int(cells["n"].sum()), float(cells["sum"].sum()), float(cells["squares"].sum())


def run(command, environment):
    """Standard output, processor seconds, wall seconds and peak memory in MB of a command."""
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=output, env={**os.environ, **environment})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        if status != 0:
            sys.exit(f"{command[:3]} failed with status {status}")
        output.seek(0)
        return output.read().decode(), usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--rapport", default=".build/release/rapport")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pandas", action="store_true", help="pandas too, which takes its time")
    parser.add_argument("--results", help="append medians there, a line of JSON each")
    parser.add_argument("--job", choices=["polars", "duckdb", "pandas"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        print(json.dumps(list(globals()[options.job](options.file, options.threads))))
        return
    peers = ["polars", "duckdb"] + (["pandas"] if options.pandas else [])
    environment = {name: str(options.threads) for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS")}
    figures = {name: [] for name in ["rapport"] + peers}
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(options.runs):
            ledger = os.path.join(folder, f"{turn}.ledger")
            command = [options.rapport, "ingest", options.file, "--ledger", ledger, "--quiet", "--threads",
                       str(options.threads), "--format", "json"]
            text, *figure = run(command, environment)
            figures["rapport"].append(figure)
            told = json.loads(text)["ledger"]
            os.remove(ledger)
            for name in peers:
                text, *figure = run([sys.executable, __file__, options.file, "--job", name, "--threads",
                                     str(options.threads)], environment)
                figures[name].append(figure)
                results[name] = json.loads(text)
    first = results[peers[0]]
    for name, result in results.items():
        same = result[:2] == first[:2] and all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(result, first))
        if not same:
            sys.exit(f"{name} gets {result}, {peers[0]} gets {first}")
    print(f"{told['rowsUsed']:,} events in {told['cases']:,} cases; {first[1]:,} answered requests in {first[0]:,} cells\n")
    print("| | CPU s | wall s | peak MB | CPU | wall | memory |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    own = [statistics.median(column) for column in zip(*figures["rapport"])]
    for name, rows in figures.items():
        medians = [statistics.median(column) for column in zip(*rows)]
        ratios = " | ".join(f"{a / b:.1f}×" for a, b in zip(medians, own))
        print(f"| {name} | {medians[0]:.2f} | {medians[1]:.2f} | {medians[2]:.0f} | {ratios} |")
        if options.results:
            work = f"{told['rowsUsed']:,} events, {wrapping(options.file)}"
            append(options.results, job="a" if options.file.endswith(".csv") else "b", work=work, tool=TOOLS[name],
                   cpu=medians[0], wall=medians[1], megabytes=medians[2], runs=options.runs, difference="1e-09 at most")


if __name__ == "__main__":
    main()

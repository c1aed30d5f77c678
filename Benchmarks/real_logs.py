#!/usr/bin/env python3
"""What Rapport and a naive comparison say of real event logs, as a Markdown table.

    python3 Benchmarks/real_logs.py [--tool .build/release/rapport] [--data ../shared/data/real]

Naive: do a responder's requesters differ in response times (Kruskal-Wallis over requesters with five answers or more,
Benjamini-Hochberg at 5 % over responders)? Do a requester's answers come sooner or later than the responder's other
answers (Mann-Whitney, 20 answers or more on both sides, likewise over pairs)? Standard library only.
"""

import argparse
import csv
import datetime
import gzip
import json
import math
import os
import subprocess
from collections import defaultdict

LOGS = ["uci_incident", "uk_written_questions", "manufacturing_email", "irc_ubuntu"]
MAPPING = (
    "case=event_id,manager=requester_id,partner=responder_id,"
    "opened=requested_at,responded=responded_at,resolved=resolved_at"
)


def seconds(text):
    """Unix seconds of an ISO 8601 time; None where there is none."""
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def waits(path):
    """Answered waits in seconds, at least 60, by responder and requester."""
    result = defaultdict(lambda: defaultdict(list))
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            asked, answered = seconds(row["requested_at"]), seconds(row["responded_at"])
            requester, responder = row["requester_id"], row["responder_id"]
            if asked is None or answered is None or answered < asked:
                continue
            if not requester or not responder or requester == responder:
                continue
            result[responder][requester].append(max(answered - asked, 60))
    return result


def chi_squared_tail(x, degrees):
    """P(X > x), by the incomplete gamma function's series or continued fraction."""
    a, x = degrees / 2, x / 2
    if x <= 0:
        return 1.0
    front = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = 0
        while abs(term) > 1e-15 * abs(total):
            n += 1
            term *= x / (a + n)
            total += term
        return 1 - total * front
    b, c = x + 1 - a, 1e300
    d = 1 / b
    h = d
    for i in range(1, 10_000):
        factor = -i * (i - a)
        b += 2
        d = 1 / (factor * d + b or 1e-300)
        c = b + factor / c or 1e-300
        h *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return h * front


def ranked(groups):
    """Rank sums by group, and Σ (t³ − t) over ties."""
    values = sorted((value, group) for group, own in enumerate(groups) for value in own)
    sums, ties, i = [0.0] * len(groups), 0, 0
    while i < len(values):
        j = i
        while j < len(values) and values[j][0] == values[i][0]:
            j += 1
        for _, group in values[i:j]:
            sums[group] += (i + j + 1) / 2
        ties += (j - i) ** 3 - (j - i)
        i = j
    return sums, ties


def kruskal_wallis(groups):
    n = sum(map(len, groups))
    sums, ties = ranked(groups)
    h = 12 / (n * (n + 1)) * sum(s * s / len(g) for s, g in zip(sums, groups)) - 3 * (n + 1)
    correction = 1 - ties / (n**3 - n)
    return chi_squared_tail(h / correction, len(groups) - 1) if correction > 0 else 1.0


def mann_whitney(a, b):
    n = len(a) + len(b)
    sums, ties = ranked([a, b])
    u = sums[0] - len(a) * (len(a) + 1) / 2
    variance = len(a) * len(b) / 12 * ((n + 1) - ties / (n * (n - 1)))
    return math.erfc(abs(u - len(a) * len(b) / 2) / math.sqrt(2 * variance)) if variance > 0 else 1.0


def rejected(p_values, rate=0.05):
    """How many are rejected by Benjamini and Hochberg's procedure."""
    ordered = sorted(p_values)
    return max((k for k, p in enumerate(ordered, 1) if p <= rate * k / len(ordered)), default=0)


def naive(path):
    by_responder, by_pair = [], []
    for requesters in waits(path).values():
        groups = [own for own in requesters.values() if len(own) >= 5]
        if len(groups) > 1:
            by_responder.append(kruskal_wallis(groups))
        for requester, own in requesters.items():
            rest = [w for other, values in requesters.items() if other != requester for w in values]
            if len(own) >= 20 and len(rest) >= 20:
                by_pair.append(mann_whitney(own, rest))
    return rejected(by_responder), len(by_responder), rejected(by_pair), len(by_pair)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--tool", default=os.path.join(here, "../.build/release/rapport"))
    parser.add_argument("--data", default=os.path.join(here, "../../shared/data/real"))
    arguments = parser.parse_args()
    print("| log | naive: responders | naive: pairs | partners whose choices can be told | pairs in the family | signals | partners | managers |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for log in LOGS:
        path = os.path.join(arguments.data, log, "interactions.csv.gz")
        responders, tested, pairs, compared = naive(path)
        run = subprocess.run(
            [arguments.tool, "favouritism", path, "--map", MAPPING, "--format", "json", "--quiet"],
            check=True, capture_output=True,
        )
        found = json.loads(run.stdout)["favouritism"]
        family = [p for p in found["pairs"] if p.get("sValue") is not None]

        def signals(level):
            return sum(finding["verdict"] == "signal" for finding in found[level])

        told = found.get("choice", {}).get("partners", 0)
        print(
            f"| {log} | {responders} of {tested} | {pairs} of {compared} | {told} of {len(found['partners'])} "
            f"| {len(family)} | {signals('pairs')} | {signals('partners')} | {signals('managers')} |"
        )


if __name__ == "__main__":
    main()

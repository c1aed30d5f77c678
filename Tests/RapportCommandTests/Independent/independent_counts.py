#!/usr/bin/env python3
"""Counts a case table's requests and each partner's Kaplan-Meier median wait, knowing nothing of Rapport's code.

    independent_counts.py FILE case=COLUMN manager=COLUMN opened=COLUMN [partner=... responded=... resolved=... withdrawn=...]

Standard library only, one pass over Python's own csv reader. Prints one JSON object. The rules are those of the event
contract: a row is refused if case, manager or opened is missing or unreadable, or if the case repeats; a row whose
manager and partner are the same text is left out; a later time before `opened` is removed alone, and that request takes
no part in waits; a request without partner is unassigned while open and has an unknown responder once answered.
Without a calendar a wait is elapsed time in whole seconds; requests not answered are censored when they are withdrawn,
or at the last event in the file.
"""

import csv
import gzip
import json
import sys
from collections import defaultdict
from datetime import datetime, timezone


def instant(text):
    """Microseconds since the epoch, taking wall-clock times as UTC; None where unreadable."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    delta = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


def median_wait(waits):
    """The smallest time at which the Kaplan-Meier curve is at or below one half, None where it never is.

    The product-limit estimator in exact fractions: no rounding decides on which side of one half it falls.
    """
    from fractions import Fraction

    at_risk = len(waits)
    survival = Fraction(1)
    events = defaultdict(lambda: [0, 0])
    for wait, answered in waits:
        events[wait][0 if answered else 1] += 1
    for wait in sorted(events):
        answered, censored = events[wait]
        if answered:
            survival *= Fraction(at_risk - answered, at_risk)
            if survival <= Fraction(1, 2):
                return wait
        at_risk -= answered + censored
    return None


def main():
    path, columns = sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:])
    opener = gzip.open if path.endswith(".gz") else open
    counts = defaultdict(int)
    requests, seen, last = [], set(), None
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            field = {name: row[column].strip() for name, column in columns.items()}
            counts["rowsRead"] += 1
            opened = instant(field["opened"])
            if not field["case"] or not field["manager"] or opened is None or field["case"] in seen:
                counts["refused"] += 1
                continue
            if field["manager"] == field.get("partner"):
                counts["selfRequest"] += 1
                continue
            seen.add(field["case"])
            request = {"partner": field.get("partner", ""), "opened": opened, "excluded": False}
            for name in ("responded", "resolved", "withdrawn"):
                moment = instant(field.get(name, "")) if field.get(name) else None
                if field.get(name) and (moment is None or moment < opened):
                    request["excluded"], moment = True, None
                    counts["impossible"] += 1
                request[name] = moment
                last = max(value for value in (last, moment, opened) if value is not None)
            requests.append(request)

    waits = defaultdict(list)
    for request in requests:
        counts["total"] += 1
        answered, withdrawn = request["responded"], request["withdrawn"]
        if answered is not None and (withdrawn is None or answered <= withdrawn):
            outcome, end = "answered", answered
        elif withdrawn is not None:
            outcome, end = "withdrawn", withdrawn
        else:
            outcome, end = "open", last
            counts["unassigned"] += not request["partner"]
        counts[outcome] += 1
        if request["partner"] and not request["excluded"]:
            waits[request["partner"]].append(((end - request["opened"]) // 1_000_000, outcome == "answered"))

    print(json.dumps({
        **{name: counts[name] for name in (
            "rowsRead", "refused", "selfRequest", "impossible", "total", "answered", "open", "withdrawn", "unassigned")},
        "medians": {partner: median_wait(waits[partner]) for partner in sorted(waits)},
    }))


if __name__ == "__main__":
    main()

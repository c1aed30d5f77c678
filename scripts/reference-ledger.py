#!/usr/bin/env python3
"""What of the reference kit the tests judged, and why the rest was left out.

    scripts/reference-ledger.py TEST-LOG

Reads the test run's output ("reference CASE FIT NAME: …"), the cases beside the project or in RAPPORT_SHARED, and
Tests/reference-skips.txt: lines of "CASE FIT NAME   reason", each of the three a pattern. Prints what was judged by
case, and every quantity that wasn't with its reason. Fails where one has none, or where a reason is no longer needed.
"""
import fnmatch
import json
import os
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

root = Path(__file__).resolve().parent.parent
# As the tests find it: Tests/RapportTestSupport/SharedData.swift.
named = os.environ.get("RAPPORT_SHARED")
places = [Path(named)] if named else [folder / "shared" for folder in root.parents]
cases = next((place / "reference" / "cases" for place in places if (place / "reference" / "cases").is_dir()), None)
if cases is None:
    print(f"reference kit: skipped, there is no {places[0] / 'reference' / 'cases'}"
          + ("" if named else ", nor beside a folder above it"))
    sys.exit(0)

judged, worst = set(), defaultdict(float)
line = re.compile(r"reference (\S+) (\S+) (.+): largest error (\S+) of the tolerance")
for text in open(sys.argv[1], encoding="utf-8", errors="replace"):
    found = line.search(text)
    if found:
        case, fit, name, error = found.groups()
        judged.add((case, fit, name))
        worst[case] = max(worst[case], float(error))

skips = []
for text in (root / "Tests" / "reference-skips.txt").read_text(encoding="utf-8").splitlines():
    if text.strip() and not text.startswith("#"):
        case, fit, name, reason = text.split(maxsplit=3)
        skips.append(((case, fit, name), reason))

used, reasons, unexplained = Counter(), defaultdict(list), []
print("reference kit: judged, left out, largest error as a multiple of its tolerance")
total = Counter()
for folder in sorted(cases.iterdir()):
    if not (folder / "expected.json").is_file():
        continue
    count = Counter()
    for fit in json.load(open(folder / "expected.json"))["fits"]:
        for name, entry in fit["expected"].items():
            place = (folder.name, fit["id"], name)
            if place in judged:
                count["judged"] += 1
                continue
            if entry.get("cmp") == "info":
                count["left out"] += 1
                reasons["for information only, says the kit"].append(place)
                continue
            for index, (patterns, reason) in enumerate(skips):
                if all(fnmatch.fnmatchcase(a, b) for a, b in zip(place, patterns)):
                    used[index] += 1
                    count["left out"] += 1
                    reasons[reason].append(place)
                    break
            else:
                unexplained.append(place)
    total += count
    print(f"  {folder.name:<24} {count['judged']:5} {count['left out']:5}   {worst[folder.name]:.3g}")
print(f"  {'all':<24} {total['judged']:5} {total['left out']:5}   {max(worst.values(), default=0):.3g}")

print("left out, and why")
for reason, places in sorted(reasons.items(), key=lambda item: -len(item[1])):
    print(f"  {len(places):4}  {reason}")
    for case, fits in sorted(defaultdict(list, {c: [p for p in places if p[0] == c] for c in {p[0] for p in places}}).items()):
        names = sorted({f"{fit} {name}" for _, fit, name in fits})
        print(f"        {case}: {', '.join(names[:6])}{f', and {len(names) - 6} more' if len(names) > 6 else ''}")
for place in unexplained:
    print("neither judged nor explained:", *place)
idle = [" ".join(patterns) for index, (patterns, _) in enumerate(skips) if not used[index]]
for patterns in idle:
    print("reference-skips.txt: nothing is left out by", patterns)
sys.exit(1 if unexplained or idle else 0)

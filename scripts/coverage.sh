#!/usr/bin/env bash
# Line coverage of the library targets, from the last `swift test --enable-code-coverage`.
#
#   scripts/coverage.sh [LEAST]    fails where the total is below LEAST percent
set -euo pipefail
cd "$(dirname "$0")/.."
least=${1:-0}

json=$(swift test --show-codecov-path)
[ -f "$json" ] || { echo "no coverage data: run 'make test' first" >&2; exit 1; }

python3 - "$json" "$PWD" "$least" <<'PYTHON'
import json, sys
from collections import defaultdict

path, root, least = sys.argv[1], sys.argv[2], float(sys.argv[3])
lines = defaultdict(lambda: [0, 0])
for file in json.load(open(path))["data"][0]["files"]:
    name = file["filename"]
    if not name.startswith(root + "/Sources/"):
        continue
    target = name[len(root) + len("/Sources/"):].split("/")[0]
    # The tool itself is tested by running its binary, which this instrument doesn't see.
    if target == "RapportCommand" or not name.endswith(".swift"):
        continue
    count = file["summary"]["lines"]
    lines[target][0] += count["covered"]
    lines[target][1] += count["count"]

print("Line coverage of library targets")
covered = total = 0
for target, (c, n) in sorted(lines.items()):
    covered, total = covered + c, total + n
    print(f"  {target:<20} {100 * c / n:6.1f} %  {c:6d} of {n} lines")
share = 100 * covered / total
print(f"  {'all':<20} {share:6.1f} %  {covered:6d} of {total} lines (at least {least:.0f} % expected)")
sys.exit(0 if share >= least else 1)
PYTHON

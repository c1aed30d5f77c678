#!/usr/bin/env bash
# Scores the sample organisation with the BLAS that the machine has and with the reference BLAS and LAPACK, and compares every
# number: none may differ by more than 1e-9 of its size, or 1e-11 where it is below a hundredth.
#
#   scripts/compare-blas.sh [TOOL]
set -euo pipefail
cd "$(dirname "$0")/.."
tool=${1:-.build/release/rapport}

libraries=$(dpkg -L libblas3 liblapack3 2>/dev/null | grep -E '/(libblas|liblapack)\.so\.3$' | paste -sd: - || true)
if [ -z "$libraries" ]; then
  echo "reference BLAS: skipped, libblas3 and liblapack3 aren't installed"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
score() { "$tool" score Datasets/sample/events.csv --config Datasets/sample/rapport.toml --format json --quiet; }
score >"$folder/own.json"
LD_PRELOAD=$libraries score >"$folder/reference.json"

python3 - "$folder/own.json" "$folder/reference.json" <<'PYTHON'
import json, sys

def leaves(node, path=""):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, f"{path}[{index}]")
    else:
        yield path, node

own, reference = (dict(leaves(json.load(open(name)))) for name in sys.argv[1:3])
worst, place, other, above = 0.0, "", [], 0
# How a search went is not its answer.
search = (".evaluations", ".iterations", ".gradientNorm")
for path in own.keys() | reference.keys():
    a, b = own.get(path), reference.get(path)
    if path.endswith(search):
        continue
    if isinstance(a, float) and isinstance(b, (int, float)) or isinstance(b, float) and isinstance(a, (int, float)):
        error = abs(a - b) / max(abs(a), abs(b), 0.01)
        above += error > 1e-9
        if error > worst:
            worst, place = error, path
    elif a != b:
        other.append(path)
print(f"reference BLAS: {len(own)} values, largest relative difference {worst:.2g} ({place or 'none'}), "
      f"{above} above 1e-9, {len(other)} others differ")
for path in sorted(other)[:20]:
    print("  ", path, own.get(path), reference.get(path))
sys.exit(0 if worst <= 1e-9 and not other else 1)
PYTHON

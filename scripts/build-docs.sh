#!/usr/bin/env bash
# Builds the documentation catalogue `docs/Rapport.docc` with the symbols of the library; a warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
# Beside the build that emits them: an unchanged target isn't compiled again, and its graph stays.
graphs=.build/docs-build/symbol-graphs
mkdir -p "$graphs"
swift build --target Rapport -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$graphs" \
  --scratch-path .build/docs-build
find "$graphs" -name '*.symbols.json' ! -name 'Rapport*' -delete
# `Rapport` exports other modules again, so its graph repeats their symbols; docc takes one of the two at random, and links
# to them then hold in some runs only. Each symbol stays with the module that declares it. docc reads a copy, since the
# graphs of unchanged targets serve again.
own=.build/docs-build/own-symbols
rm -rf "$own" && cp -r "$graphs" "$own"
python3 - "$own" <<'PYTHON'
import json, pathlib, sys

folder = pathlib.Path(sys.argv[1])
top = folder / "Rapport.symbols.json"
graphs = {path: json.loads(path.read_text()) for path in sorted(folder.glob("*.symbols.json"))}
declared = {s["identifier"]["precise"] for path, graph in graphs.items() if path != top for s in graph["symbols"]}
graph = graphs[top]
graph["symbols"] = [s for s in graph["symbols"] if s["identifier"]["precise"] not in declared]
kept = {s["identifier"]["precise"] for s in graph["symbols"]}
graph["relationships"] = [r for r in graph["relationships"] if r["source"] in kept]
top.write_text(json.dumps(graph))
PYTHON
# A parameter that its name explains needs no line; anything else that docc has to say is a mistake.
log=.build/docs.log
"$docc" convert docs/Rapport.docc --additional-symbol-graph-dir "$own" --output-path .build/docs \
  --transform-for-static-hosting --hosting-base-path rapport --fallback-display-name Rapport \
  --fallback-bundle-identifier rapport >"$log" 2>&1 || { cat "$log"; exit 1; }
if grep -E '^(warning|error)' "$log" | grep -v 'is missing documentation'; then
  echo "The documentation has mistakes; places are in $log" >&2
  exit 1
fi
echo "Documentation: .build/docs/documentation/rapport/index.html"

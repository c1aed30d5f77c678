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
# A parameter that its name explains needs no line; anything else that docc has to say is a mistake.
log=.build/docs.log
"$docc" convert docs/Rapport.docc --additional-symbol-graph-dir "$graphs" --output-path .build/docs \
  --transform-for-static-hosting --hosting-base-path rapport --fallback-display-name Rapport \
  --fallback-bundle-identifier rapport >"$log" 2>&1 || { cat "$log"; exit 1; }
if grep -E '^(warning|error)' "$log" | grep -v 'is missing documentation'; then
  echo "The documentation has mistakes; places are in $log" >&2
  exit 1
fi
echo "Documentation: .build/docs/documentation/rapport/index.html"

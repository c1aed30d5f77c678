#!/usr/bin/env bash
# Builds the documentation catalogue `docs/Rapport.docc` with the symbols of the library; a warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
graphs=.build/symbol-graphs
rm -rf "$graphs" && mkdir -p "$graphs"
swift build --target Rapport -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$graphs" \
  --scratch-path .build/docs-build
find "$graphs" -name '*.symbols.json' ! -name 'Rapport*' -delete
"$docc" convert docs/Rapport.docc --additional-symbol-graph-dir "$graphs" --output-path .build/docs \
  --transform-for-static-hosting --hosting-base-path rapport --fallback-display-name Rapport \
  --fallback-bundle-identifier rapport --warnings-as-errors
echo "Documentation: .build/docs/documentation/rapport/index.html"

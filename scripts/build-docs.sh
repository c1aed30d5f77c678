#!/usr/bin/env bash
# Builds the documentation catalogue; a warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build/docs
swift package --allow-writing-to-directory .build/docs generate-documentation --target Rapport \
  --output-path .build/docs --transform-for-static-hosting --hosting-base-path rapport --warnings-as-errors
echo "Documentation: .build/docs/documentation/rapport/index.html"

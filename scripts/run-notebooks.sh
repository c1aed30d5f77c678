#!/usr/bin/env bash
# Executes every notebook with the tool that was built, on the sample, and leaves the executed copies in .build/notebooks.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build/notebooks
for notebook in notebooks/*.ipynb; do
  .venv/bin/python -m nbconvert --to notebook --execute "$notebook" --output-dir .build/notebooks
done

#!/usr/bin/env bash
# Executes every notebook with the tool that was built, on the sample, and leaves the executed copies in .build/notebooks.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build/notebooks
for notebook in notebooks/*.ipynb; do
  start=$SECONDS
  .venv/bin/python -m nbconvert --log-level WARN --to notebook --execute "$notebook" --output-dir .build/notebooks \
    --ExecutePreprocessor.timeout=600
  echo "$notebook: $((SECONDS - start)) s"
done
# What is committed holds no outputs: they would tell of the machine that made them.
.venv/bin/python - notebooks/*.ipynb <<'PYTHON'
import json, sys

for path in sys.argv[1:]:
    with open(path) as file:
        if any(cell.get("outputs") for cell in json.load(file)["cells"]):
            sys.exit(f"{path} holds outputs; clear them: .venv/bin/python -m nbconvert --clear-output --inplace {path}")
PYTHON

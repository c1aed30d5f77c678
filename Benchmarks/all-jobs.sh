#!/usr/bin/env bash
# Every whole job beside its peers in one run on this machine; then the page and the plot that show them, in the documentation.
#
#   Benchmarks/all-jobs.sh [EVENTS] [RUNS]         10 million events and 5 runs by default: some 20 minutes
#
# Installs what is missing: DuckDB, Polars, pandas, statsmodels, lifelines and factor_analyzer in their newest releases that work
# together (an environment in .build/bench/peers), R with lme4, survival, psych and GPArotation as Debian has them. Nothing else should
# run meanwhile. PAGE=0 leaves the documentation as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
events=${1:-10000000}
runs=${2:-5}
folder=.build/bench
results=$folder/results.jsonl
mkdir -p "$folder"
rm -f "$results"

packages=(r-base-core r-cran-lme4 r-cran-survival r-cran-psych r-cran-gparotation python3-venv zstd)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
python=$folder/peers/bin/python
[ -x "$python" ] || python3 -m venv "$folder/peers"
# factor_analyzer 0.5.1 calls scikit-learn by a name that 1.8 has no more.
"$folder/peers/bin/pip" install --quiet --disable-pip-version-check --upgrade \
  polars duckdb pandas pyarrow statsmodels lifelines factor_analyzer 'scikit-learn<1.8' matplotlib

# A column more, so that a row has about 90 bytes.
log=$folder/events-$events.csv
if [ ! -f "$log" ]; then
  rm -rf "$folder/organisation"
  .build/release/rapport simulate --events "$events" --output "$folder/organisation" --quiet >/dev/null
  awk 'NR == 1 { print $0 ",id"; next } { printf "%s,EVT-2024-%010d\n", $0, NR - 1 }' "$folder/organisation/events.csv" >"$log.part"
  mv "$log.part" "$log"
fi
# Other wrappings of the first 3 million.
short=$folder/short.csv
head -n 3000001 "$log" >"$short"
gzip -kf "$short"
zstd -qf "$short"
"$python" -c "
import polars, sys
polars.read_csv(sys.argv[1], infer_schema=False).write_ndjson(sys.argv[2])" "$short" "$folder/short.ndjson"

{
  echo "$(date -u '+%-d %B %Y'): $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) virtual processors," \
    "$(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo); medians of alternating runs."
  "$python" -c "
from importlib.metadata import version
print(', '.join(f'{name} {version(name)}' for name in ('DuckDB', 'Polars', 'pandas', 'statsmodels', 'lifelines', 'factor_analyzer')) + ';')"
  Rscript -e 'cat(R.version.string, "with", paste(sapply(c("lme4", "survival", "psych", "GPArotation"),
    function(p) paste(p, packageVersion(p))), collapse = ", "))' 2>/dev/null
} | tr '\n' ' ' | sed 's/ *$/./' >"$folder/machine.txt"

# One thread for those who would take more than they are given, and the kernels that the processor can run.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PEERS_PYTHON=$PWD/$python
for file in "$log" "$folder/short.ndjson" "$short.gz" "$short.zst"; do
  echo
  echo "## Reading: $(basename "$file")"
  echo
  pandas=()
  [ "$file" = "$log" ] && [ "$events" -le 10000000 ] && pandas=(--pandas)
  "$python" Benchmarks/ingest_peers.py "$file" --runs "$runs" --results "$results" "${pandas[@]}"
done
echo
echo "## The same bytes on one, two and three threads"
echo
for threads in 1 2 3; do
  rm -f "$folder/$threads.ledger"
  .build/release/rapport ingest "$log" --ledger "$folder/$threads.ledger" --threads "$threads" --quiet >/dev/null
  cmp "$folder/1.ledger" "$folder/$threads.ledger"
done
echo "$(sha256sum <"$folder/1.ledger" | cut -d ' ' -f 1), three times"
rm -f "$folder"/?.ledger
for program in MixedSpeed ChoiceSpeed FactorSpeed; do
  echo
  echo "## $program"
  echo
  swift run -c release --package-path Benchmarks "$program" --runs "$runs" --results "$PWD/$results" 2>"$folder/$program.log"
done
echo
echo "## Cox's model"
echo
"$python" Benchmarks/cox_peers.py --runs "$runs" --lifelines --results "$results"
echo
echo "## Kernels"
echo
swift package --package-path Benchmarks benchmark --target Kernels --no-progress 2>"$folder/Kernels.log"
if [ "${PAGE:-1}" = 1 ]; then
  "$python" Benchmarks/results.py page "$results" "$folder/machine.txt" docs/Rapport.docc/Peers.md docs/Rapport.docc/peers.svg
  echo "Written: docs/Rapport.docc/Peers.md and peers.svg"
fi

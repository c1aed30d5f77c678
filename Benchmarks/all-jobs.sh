#!/usr/bin/env bash
# Every whole job beside its peers in one run on this machine, as tables in .build/bench/results.md.
#
#   Benchmarks/all-jobs.sh [EVENTS] [RUNS]         10 million events and 5 runs by default: about an hour
#
# Installs what is missing: DuckDB, Polars and pandas in their newest releases (an environment in .build/bench/peers), R with lme4,
# survival, psych and GPArotation as Debian has them. Nothing else should run meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."
events=${1:-10000000}
runs=${2:-5}
folder=.build/bench
results=$folder/results.md
mkdir -p "$folder"

packages=(r-base-core r-cran-lme4 r-cran-survival r-cran-psych r-cran-gparotation python3-venv zstd)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
[ -x "$folder/peers/bin/python" ] || python3 -m venv "$folder/peers"
"$folder/peers/bin/pip" install --quiet --disable-pip-version-check --upgrade polars duckdb pandas pyarrow

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
"$folder/peers/bin/python" -c "
import polars, sys
polars.read_csv(sys.argv[1], infer_schema=False).write_ndjson(sys.argv[2])" "$short" "$folder/short.ndjson"

{
  echo "# Whole jobs beside their peers"
  echo
  echo "$(date -u +%F), $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) processors," \
    "$(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo), medians of $runs alternating runs."
  "$folder/peers/bin/python" -c "
import duckdb, pandas, polars
print(f'DuckDB {duckdb.__version__}, Polars {polars.__version__}, pandas {pandas.__version__},')"
  Rscript -e 'for (p in c("lme4", "survival", "psych")) cat(p, format(packageVersion(p)), ""); cat("\n")' 2>/dev/null
  for file in "$log" "$folder/short.ndjson" "$short.gz" "$short.zst"; do
    echo
    echo "## Reading: $(basename "$file")"
    echo
    "$folder/peers/bin/python" Benchmarks/ingest_peers.py "$file" --runs "$runs"
  done
  echo
  echo "## Timing model beside lme4"
  echo
  OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks MixedSpeed 2>/dev/null
  echo
  echo "## Queue choices beside survival"
  echo
  OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks ChoiceSpeed --runs "$runs" 2>/dev/null
  echo
  echo "## Cox's model beside survival"
  echo
  python3 Benchmarks/cox_peers.py --runs "$runs"
  echo
  echo "## Factor analysis beside psych and GPArotation"
  echo
  OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks FactorSpeed 2>/dev/null
  echo
  echo "## The whole of rapport score"
  echo
  Benchmarks/whole-jobs.sh 1000000 3
} | tee "$results"
echo "Written: $results"

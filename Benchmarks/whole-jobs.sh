#!/usr/bin/env bash
# Times whole scoring jobs on a simulated organisation.
#
#   Benchmarks/whole-jobs.sh [EVENTS] [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
events=${1:-1000000}
runs=${2:-5}
rapport=.build/release/rapport
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$rapport" simulate --events "$events" --seed 1 --output "$folder/organisation" --quiet >/dev/null
bytes=$(stat -c %s "$folder/organisation/events.csv")
rows=$(($(wc -l <"$folder/organisation/events.csv") - 1))
echo "$(nproc) cores, $(uname -m), $rows events, $((bytes / 1000000)) MB"

python3 - "$runs" "$rows" "$rapport" "$folder" <<'PYTHON'
import os, resource, statistics, subprocess, sys, time

runs, rows, rapport, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
command = [rapport, "score", f"{folder}/organisation/events.csv", "--output", f"{folder}/out", "--verbose",
           "--config", f"{folder}/organisation/rapport.toml"]
wall, cpu, peak = [], [], []
for run in range(runs):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    stages = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, stages
    wall.append(time.perf_counter() - start)
    cpu.append(usage.ru_utime + usage.ru_stime)
    peak.append(usage.ru_maxrss / 1024)
median = statistics.median
print(f"rapport score, median of {runs}: {median(wall):.2f} s wall, {median(cpu):.2f} s CPU, "
      f"{rows / median(wall):,.0f} events/s, peak {median(peak):.0f} MB")
print("Stages of the last run:")
print(stages)
PYTHON

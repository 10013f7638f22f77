#!/usr/bin/env bash
# Every test, on a machine that holds nothing but this project: installs the servers the tests talk to, then runs them.
set -euo pipefail
cd "$(dirname "$0")/.."

# What the tests need from the system: a browser for the pages, servers of the network, what builds them once, and Java for Spark.
missing=()
lacks() { ! command -v "$1" >/dev/null; }
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
lacks redis-server && missing+=(redis-server)
lacks chromium && missing+=(chromium fonts-dejavu-core)
lacks setpriv && missing+=(util-linux)
[ -n "${JAVA_HOME:-}" ] || ! lacks java || missing+=(default-jre-headless)
if [ ! -f "${NET_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/at-network}/net/node_modules/better-sqlite3/build/Release/better_sqlite3.node" ]; then
  for pair in node:nodejs npm:npm gcc:gcc g++:g++ make:make; do
    lacks "${pair%%:*}" && missing+=("${pair##*:}")
  done
fi
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || lacks apt-get; then
    echo "The tests need packages of the system that are not there; on Debian, as root: apt-get install ${missing[*]}" >&2
    exit 2
  fi
  echo "installing for the tests: ${missing[*]}" >&2
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
bash tests/network/start-network.sh install

# One process a core up to four; each file stays in one process (see conftest.py).
workers=$(python -c 'import os; print(min(4, os.cpu_count() or 1))')
python -m pytest -m "not data" -n "$workers" --dist loadgroup tests "$@"

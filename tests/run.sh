#!/usr/bin/env bash
# Every test, on a machine that holds nothing but this project: installs the servers the tests talk to, then runs them.
set -euo pipefail
cd "$(dirname "$0")/.."
python -m pytest -m "not data" tests "$@"

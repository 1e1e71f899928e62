#!/usr/bin/env bash
# Measures iwakand beside the real Alertmanager in one run, on this machine, and prints the figures with their
# ratios. Minutes; nothing here passes or fails.
set -euo pipefail

case ${1:-} in
  "") ;;
  --help | -h)
    echo "scripts/bench.sh   measures iwakand beside Alertmanager and prints Markdown for docs/benchmarks.md"
    exit 0
    ;;
  *)
    echo "scripts/bench.sh: unknown argument \"$1\"; it takes none." >&2
    exit 2
    ;;
esac

. "$(dirname "$0")/packages.sh"
need tests
step "building" build release iwakand iwakanctl load
IWAKAN_SOURCE_DIR=$root IWAKAN_BUILD_DIR=$root/build/release IWAKAN_PEERS_DIR=$peers PYTHONDONTWRITEBYTECODE=1 \
  exec /usr/bin/python3 "$root/tests/bench/bench.py"

# shellcheck shell=bash
# What the scripts share: the source tree, the build presets and calm progress lines. Sourced.
#
# Every command of a step writes to a log under build/log; it is shown only when the step fails.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/build/log

# A cache entry of one checkout serves another: paths are taken relative to the checkout.
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-true}

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# follow NAME LOG: shows how far ninja has come, for a person at a terminal.
follow() {
  local count
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    count=$(grep -oE '^\[[0-9]+/[0-9]+\]' "$2" | tail -n 1)
    printf '\r\033[K  %s … %s' "$1" "$count"
  done
}

# step NAME COMMAND…: one line when it starts, the time it took when it is done; its log when it fails.
step() {
  local name=$1 log began=$SECONDS code=0 follower=
  shift
  mkdir -p "$logs"
  log=$logs/$(printf '%s' "$name" | tr -cs 'A-Za-z0-9\n' '-').log
  printf '  %s … ' "$name"
  if [ -t 1 ]; then
    follow "$name" "$log" &
    follower=$!
  fi
  ("$@") </dev/null >"$log" 2>&1 || code=$?
  if [ -n "$follower" ]; then
    kill "$follower" 2>/dev/null || true
    wait "$follower" 2>/dev/null || true
    printf '\r\033[K  %s … ' "$name"
  fi
  if ((code == 0)); then
    say "$((SECONDS - began)) s"
    return 0
  fi
  say "failed after $((SECONDS - began)) s. The end of ${log#"$root"/}:"
  tail -n 60 "$log" | sed 's/^/    /'
  return "$code"
}

# Compiling a file takes up to 2 GB of memory: no more at a time than fit.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ {print int($2 / 2000000)}' /proc/meminfo)
  ((memory < cores)) && cores=$memory
  ((cores < 1)) && cores=1
  echo "$cores"
}

# configure PRESET: only when there is no build folder or the presets changed; ninja sees the rest itself.
configure() {
  [ "$root/build/$1/build.ninja" -nt "$root/CMakePresets.json" ] || (cd "$root" && cmake --preset "$1")
}

# build PRESET [TARGET…]
build() {
  local preset=$1
  shift
  configure "$preset" || return
  (cd "$root" && cmake --build --preset "$preset" --parallel "$(jobs)" ${1:+--target "$@"})
}

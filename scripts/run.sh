#!/usr/bin/env bash
# Installs what is missing, builds, and shows the main job: a recorded stream of Alertmanager and
# CloudWatch requests is played into iwakand, and what comes of it is seen in this terminal. Then
# iwakand goes on serving until Ctrl-C.
set -euo pipefail

usage() {
  cat <<'END'
scripts/run.sh [--once] [--help]
  (nothing)  shows the demonstration and goes on serving until Ctrl-C
  --once     ends after the demonstration; exits non-zero if any step of it did not happen
END
}

once=
for argument in "$@"; do
  case $argument in
    --once) once=yes ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      echo "scripts/run.sh: unknown argument \"$argument\"." >&2
      usage >&2
      exit 2
      ;;
  esac
done

. "$(dirname "$0")/packages.sh"

address=http://127.0.0.1:8119
iwakand=$root/build/release/iwakand
iwakanctl=$root/build/release/iwakanctl
daemon=
store=

# Ends what was started here, and only that; the store of the demonstration goes with it.
leave() {
  if [ -n "$daemon" ]; then
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
  fi
  [ -z "$store" ] || rm -rf "$store"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# answers PATH: whether the daemon answers 200 there. The base system has no curl; bash can ask.
answers() {
  local line
  exec 3<>"/dev/tcp/127.0.0.1/8119" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:8119\r\nConnection: close\r\n\r\n' "$1" >&3
  read -r -t 5 line <&3 || line=
  exec 3>&- 3<&-
  [[ $line == "HTTP/1.1 200"* ]]
}

await_ready() {
  local deadline=$((SECONDS + 30))
  until (answers /-/ready) 2>/dev/null; do
    kill -0 "$daemon" 2>/dev/null || fail "iwakand ended before it was ready; its last lines are above."
    ((SECONDS < deadline)) || fail "iwakand was not ready at $address within 30 s."
    sleep 0.1
  done
}

need build
step "building (minutes at first, seconds later)" build release iwakand iwakanctl

(answers /-/healthy) 2>/dev/null && fail "Something is serving at $address already. End it, then run this again."

store=$(mktemp -d)
cd "$root"
"$iwakand" --config config/demo.yaml --store "$store" &
daemon=$!
await_ready

"$iwakanctl" send config/demo/recording.jsonl --to "$address" ||
  fail "The recording could not be played; what iwakand answered is above."

[ -z "$once" ] || exit 0
wait "$daemon"

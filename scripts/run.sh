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
export IWAKAN_URL=$address
(cd "$store" && exec "$iwakand" --config "$root/config/demo.yaml" --store "$store/store") &
daemon=$!
await_ready

# count COMMAND…: how many objects iwakanctl lists.
count() {
  "$iwakanctl" --json "$@" | wc -l
}

# await WHAT SECONDS WANTED COMMAND…: until iwakanctl lists WANTED objects.
await() {
  local what=$1 deadline=$((SECONDS + $2)) wanted=$3
  shift 3
  until (($(count "$@") >= wanted)); do
    kill -0 "$daemon" 2>/dev/null || fail "iwakand ended during the demonstration."
    ((SECONDS < deadline)) || fail "This step did not happen: $what."
    sleep 0.2
  done
}

say ""
say "── 1. Alerts come in: recorded requests of Alertmanager and CloudWatch, six times as fast."
say "      What they mean appears among them: first the supervisors' reports, one by one."
"$iwakanctl" send config/demo/alertmanager.jsonl config/demo/cloudwatch.jsonl --speed 6 --now ||
  fail "The recording could not be played; what iwakand answered is above."
await "four incidents open" 10 4 incident list --all
await "each of the three supervisors hears of each incident" 20 12 delivery list --state delivered

say ""
say "── 2. A supervisor has read the report, and says so. The others have until the deadline."
for person in hasegawa mori sato; do
  "$iwakanctl" incident ack INC-4 --as "$person" >/dev/null || fail "The acknowledgement was not taken."
done

say ""
say "── 3. Everybody hears: where all have acknowledged at once, else at the deadline with the unconfirmed listed."
await "the report reaches everybody, on the terminal and in the file" 30 20 delivery list --state delivered

say ""
say "── 4. What iwakan knows now, and why INC-4 was felt without any threshold:"
"$iwakanctl" incident list --all
say ""
shown=$("$iwakanctl" incident show INC-4)
printf '%s\n' "$shown" | sed -n '/^KNOWN/,/^$/p'
case $shown in
  *unusual_frequency*) ;;
  *) fail "This step did not happen: INC-4 was opened by its frequency." ;;
esac
[ -s "$store/reports.jsonl" ] || fail "This step did not happen: the reports are in the file, too."

say ""
say "iwakand serves at $address. Alertmanager posts to /v1/alertmanager, SNS to /v1/cloudwatch; /metrics is for Prometheus."
say "Try next, in another terminal:"
say "  build/release/iwakanctl incident show INC-1"
say "  build/release/iwakanctl incident note INC-1 \"restarted checkout\""
say "  build/release/iwakanctl incident recover INC-1"
say "  build/release/iwakanctl --help"
if [ -n "$once" ]; then
  say ""
  say "Every step happened."
  exit 0
fi
say "Ctrl-C ends it."
wait "$daemon"

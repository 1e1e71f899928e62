#!/usr/bin/env bash
# The Debian 12 packages that iwakan needs, and their installation: only what is missing, so that
# a second run needs neither network nor privileges. Run or sourced.
#
#   scripts/packages.sh            what building and running needs
#   scripts/packages.sh tests      that, and what the tests need
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

build_packages=(
  g++ cmake ninja-build pkg-config ccache mold
  libboost1.81-dev libboost-json1.81-dev libboost-system1.81-dev libboost-url1.81-dev
  libbenchmark-dev libcli11-dev libcurl4-openssl-dev libfmt-dev libgmock-dev libgtest-dev
  libhowardhinnant-date-dev libkainjow-mustache-dev libre2-dev librocksdb-dev libsimdjson-dev
  libspdlog-dev libssl-dev libyaml-cpp-dev prometheus-cpp-dev
  ca-certificates tzdata
)

test_packages=(
  chromium clang libclang-rt-14-dev clang-format clang-tidy
  curl groff-base openssl python3 python3-aiosmtpd python3-jsonschema python3-yaml strace systemd
)

# The real Prometheus, Alertmanager and nginx, for the integration tests. Installing them would start
# services on their well-known ports, so they are only unpacked, into build/peers.
peer_packages=(prometheus prometheus-alertmanager nginx)
peers=$root/build/peers

# missing PACKAGE…: those that are not installed.
missing() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet -o DPkg::Lock::Timeout=300 "$@"
}

# Package lists may be absent or old: bring them up to date before anything is fetched, once.
refresh_lists() {
  [ -n "${lists_refreshed:-}" ] || step "package lists" apt update
  lists_refreshed=yes
}

# install_packages PACKAGE…
install_packages() {
  local wanted
  mapfile -t wanted < <(missing "$@")
  ((${#wanted[@]} == 0)) && return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "These Debian packages are missing: ${wanted[*]}
Installing them needs root. As root, run: apt-get update && apt-get install ${wanted[*]}"
    say "Installing packages; sudo may ask for your password."
    sudo -v || fail "Without sudo, ask an administrator to run: apt-get install ${wanted[*]}"
  fi
  refresh_lists
  step "installing ${#wanted[@]} packages" apt install --no-install-recommends "${wanted[@]}"
}

fetch_peers() {
  local folder=$peers.new package
  rm -rf "$folder" && mkdir -p "$folder" && cd "$folder" || return
  apt-get --quiet download "${peer_packages[@]}" || return
  for package in *.deb; do
    dpkg-deb --extract "$package" "$folder/root" || return
  done
  rm -rf "$peers" && mv root "$peers" && rm -r "$folder"
}

install_peers() {
  [ -x "$peers/usr/bin/prometheus" ] && [ -x "$peers/usr/bin/prometheus-alertmanager" ] &&
    [ -x "$peers/usr/sbin/nginx" ] && return 0
  # Fetching needs no privileges when the lists are there.
  apt-cache show "${peer_packages[@]}" >/dev/null 2>&1 || refresh_lists
  step "unpacking Prometheus, Alertmanager and nginx into build/peers" fetch_peers
}

# need build|tests
need() {
  command -v dpkg-query >/dev/null ||
    fail "iwakan is built with the packages of Debian 12; this system has no dpkg. See docs/development.md."
  case $1 in
    build) install_packages "${build_packages[@]}" ;;
    tests)
      install_packages "${build_packages[@]}" "${test_packages[@]}"
      install_peers
      ;;
    *) fail "scripts/packages.sh: \"$1\" is neither \"build\" nor \"tests\"." ;;
  esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  need "${1:-build}"
  say "All packages are here."
fi

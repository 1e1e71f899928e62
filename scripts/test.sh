#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests:
#
#   dev      every test, with clang-format and the tidy tests among them; then clang-tidy
#   asan     every test again under AddressSanitizer and UndefinedBehaviorSanitizer
#   tsan     every test again under ThreadSanitizer
#   fuzz     every decoder for some seconds under libFuzzer
#   release  what users run: builds
#
# Exits non-zero when anything failed. A second run rebuilds only what changed.
set -euo pipefail

usage() {
  cat <<'END'
scripts/test.sh [--quick] [--help]
  (nothing)  all presets, as continuous integration does
  --quick    preset dev only: build, all tests
END
}

quick=
for argument in "$@"; do
  case $argument in
    --quick) quick=yes ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      echo "scripts/test.sh: unknown argument \"$argument\"." >&2
      usage >&2
      exit 2
      ;;
  esac
done

. "$(dirname "$0")/packages.sh"

passed=0
failed=0
summary=()

# check NAME COMMAND…: a step that counts as one test.
check() {
  local began=$SECONDS
  if step "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    summary+=("failed: $1, after $((SECONDS - began)) s")
    return 1
  fi
}

# run_tests PRESET [CTEST ARGUMENT…]: counts every test of CTest.
run_tests() {
  local preset=$1 log=$logs/ctest-$1.log began=$SECONDS line total bad=0
  shift
  ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error --parallel "$(nproc)" "$@" \
    </dev/null 2>&1 | tee "$log" || true
  line=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -n 1) || true
  if [ -z "$line" ]; then
    failed=$((failed + 1))
    summary+=("failed: CTest of preset $preset did not finish")
    return
  fi
  bad=$(sed -E 's/.*, ([0-9]+) tests failed.*/\1/' <<<"$line")
  total=$(sed -E 's/.*out of ([0-9]+).*/\1/' <<<"$line")
  passed=$((passed + total - bad))
  failed=$((failed + bad))
  summary+=("$preset: $((total - bad)) of $total tests passed, $((SECONDS - began)) s")
}

# test_preset PRESET [CTEST ARGUMENT…]: fails when it did not build.
test_preset() {
  local preset=$1
  say "Preset $preset"
  check "build $preset" build "$preset" && run_tests "$@"
}

# The fuzz targets are named as their tests are; nothing else needs building with clang.
test_fuzz() {
  local targets
  say "Preset fuzz"
  check "configure fuzz" configure fuzz || return
  mapfile -t targets < <(ctest --test-dir "$root/build/fuzz" -L fuzz -N | sed -nE 's/^ *Test +#[0-9]+: //p')
  check "build fuzz" build fuzz "${targets[@]}" && run_tests fuzz -L fuzz
}

need tests

# Tests with these labels look at the source tree, at the system, or at times and memory that a sanitizer changes:
# once is enough.
once='^(tidy|toolchain|system|figures)$'

if test_preset dev && [ -z "$quick" ]; then
  check "clang-tidy" /usr/bin/python3 "$root/tests/tidy/clang_tidy.py" --build "$root/build/dev" --jobs "$(jobs)" || true
fi
if [ -z "$quick" ]; then
  test_preset asan -LE "$once" || true
  test_preset tsan -LE "$once" || true
  test_fuzz || true
  say "Preset release"
  check "build release" build release iwakand iwakanctl || true
fi

say
say "After $((SECONDS / 60)) min $((SECONDS % 60)) s:"
printf '  %s\n' "${summary[@]}"
say "$passed passed, $failed failed"
((failed == 0))

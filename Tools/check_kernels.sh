#!/usr/bin/env bash
# Compares the kernels of CVectorMath with plain C at every level of instructions that this processor has, and with
# `aarch64` as the first argument also on an emulated one of another architecture (needs qemu-aarch64 and the cross libraries of
# Debian, which `make kernels-aarch64` installs). The bits of the front end must be the same everywhere.
set -euo pipefail
cd "$(dirname "$0")/.."
clang=${CLANG:-clang}
sources=Sources/CVectorMath
scratch=.build/kernels
mkdir -p $scratch

digest=
status=0
# check NAME RUNNER… -- FLAGS…: compiles for a level and runs.
check() {
    local name=$1 runner=()
    shift
    while [ "$1" != -- ]; do runner+=("$1"); shift; done
    shift
    local program=$scratch/check-$name
    local file object objects=() linking=()
    [ "$name" != aarch64 ] || [ "$(uname -m)" = aarch64 ] || linking=(-fuse-ld=lld)
    for file in Tests/Kernels/check_kernels.c $sources/*.c; do
        object=$scratch/$name-$(basename "$file" .c).o
        objects+=("$object")
        local flags=("$@")
        # These two choose among versions of their own, by the level that the runner sets.
        case $file in */products.c | */patches.c) [[ $name != x86-64* ]] || flags=(-march=x86-64) ;; esac
        "$clang" -std=gnu2x -O2 -Wall -Wextra -Wno-unused-parameter -Wno-psabi -Wno-pass-failed '-DMYNAH_CLONES=' \
            '-DMYNAH_EMULATED_BFLOAT16="emulated-avx512bf16.h"' "${flags[@]}" -ITests/Kernels -I$sources \
            -I$sources/include -c "$file" -o "$object"
    done
    "$clang" "$@" "${linking[@]}" "${objects[@]}" -lm -o "$program"
    local output
    if ! output=$("${runner[@]}" "$program"); then status=1; fi
    local last=${output##*$'\n'}
    if [ -n "$digest" ] && [ "$last" != "$digest" ]; then
        output+=$'\n'"the bits of the front end differ from those of the level before"
        status=1
    fi
    digest=$last
    echo "$name: ${output}"
}

if [ "$(uname -m)" = x86_64 ]; then
    check x86-64 env MYNAH_VECTOR_LEVEL=0 -- -march=x86-64
    grep -qw avx2 /proc/cpuinfo && check x86-64-v3 env MYNAH_VECTOR_LEVEL=3 -- -march=x86-64-v3
    grep -qw avx512vl /proc/cpuinfo && check x86-64-v4 env MYNAH_VECTOR_LEVEL=4 -- -march=x86-64-v4
else
    check "$(uname -m)" env --
fi
if [ "${1:-}" = aarch64 ]; then
    check aarch64 qemu-aarch64 -L /usr/aarch64-linux-gnu -- --target=aarch64-linux-gnu
fi
exit $status

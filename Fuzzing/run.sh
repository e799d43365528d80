#!/bin/sh
# Reads damaged sound files and models, then lets the fuzzers run, all of it under the address sanitizer.
#
#     Fuzzing/run.sh FILES SECONDS
#
# FILES damaged files of each kind are read, and each fuzzer runs for SECONDS; the seed is 1. What crashes, hangs, leaks or takes too
# much memory is kept in .build/fuzzing/findings, and then the exit status is 1.
set -eu
cd "$(dirname "$0")/.."
files=$1 seconds=$2
scratch=.build/fuzzing
findings=$scratch/findings
sounds=Tests/MynahAudioTests/Fixtures

# The libraries count the edges that a run takes, which is how the fuzzers find their way into them. The fuzzers are linked
# with libFuzzer, which comes with the toolchain.
export MYNAH_FUZZING=1
swift=${SWIFT:-swift}
resources=$("$(dirname "$(command -v "$swift")")/clang" -print-resource-dir)
fuzzer=$resources/lib/linux/libclang_rt.fuzzer_no_main-$(uname -m).a
build() {
    program=$1
    shift
    "$swift" build -c release --product "$program" --scratch-path $scratch --sanitize=address \
        -Xswiftc -use-ld=lld -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table "$@"
}
build MutatedFiles
for program in FuzzAudio FuzzFrontEnd FuzzPhrases FuzzServer; do build $program -Xlinker "$fuzzer" -Xlinker -lstdc++; done

export LSAN_OPTIONS=suppressions=$PWD/Fuzzing/leaks.txt:print_suppressions=0
# The backtracer would read memory behind the back of the sanitizer.
export SWIFT_BACKTRACE=enable=off

status=0
mkdir -p $findings
$scratch/release/MutatedFiles $sounds "$files" 1 $findings || status=1
$scratch/release/MutatedFiles models "$files" 1 $findings || status=1

# fuzz TARGET SEEDS: what reaches something new is kept in a corpus, from which the next run goes on.
fuzz() {
    corpus=$scratch/corpus/$1 log=$scratch/$1.log
    mkdir -p "$corpus"
    if $scratch/release/"$1" -seed=1 -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix=$findings/"$1"- "$corpus" "$2" >"$log" 2>&1; then
        found="findings: 0"
    else
        found="finding: see $log"
        status=1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    echo "$1: ${runs:-0} inputs, seed 1, $seconds s, ${edges:-0} edges, $found"
}
fuzz FuzzAudio $sounds
fuzz FuzzFrontEnd Fuzzing/seeds
fuzz FuzzPhrases Fuzzing/seeds-phrases
fuzz FuzzServer Fuzzing/seeds-server
exit $status

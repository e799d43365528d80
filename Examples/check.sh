#!/usr/bin/env bash
# Builds the programs of the README and of Documentation/ as a package outside, and runs them on the audio samples.
#
#     Examples/check.sh
#
# Fails where a page shows other code than is built here, or where a program does not print what it should.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$PWD/.build/examples
samples=$PWD/audio-samples

fail() {
    echo "Examples: $1" >&2
    exit 1
}

# expect PROGRAM LINE…: the program prints these lines, which are patterns.
expect() {
    local program=$1 printed
    shift
    printed=$("$scratch/release/$program") || fail "$program ends with status $?"
    echo "$program: ${printed//$'\n'/; }"
    while IFS= read -r line; do
        # shellcheck disable=SC2053
        [[ $# -gt 0 && $line == $1 ]] || fail "$program prints '$line', expected '${1-nothing}'"
        shift
    done <<<"$printed"
    [[ $# == 0 ]] || fail "$program does not print '$1'"
}

# little_endian BYTES NUMBER
little_endian() {
    local count=$1 number=$2
    while ((count-- > 0)); do
        printf "\\x$(printf %02x $((number & 255)))"
        ((number >>= 8)) || true
    done
}

# The blocks of Swift in the README and in Documentation/ are the programs, in this order.
shown=$(awk '/^```$/ { inside = 0 } inside; /^```swift$/ { inside = 1 }' README.md Documentation/*.md)
built=$(cat Examples/Sources/{recognize,listen,train,follow,teach}/main.swift)
diff <(echo "$built") <(echo "$shown") >&2 || fail "a page (>) shows other code than Examples/Sources (<)"

"${SWIFT:-swift}" build -c release --package-path Examples --scratch-path "$scratch"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cp "$samples/yes-espeak-us.wav" yes.wav
expect recognize "yes [01].*"

# Three words, each a clip of a second and half a second of silence.
for clip in yes-espeak-us stop-pico-gb left-flite-rms; do
    tail -c +45 "$samples/$clip.wav"
    head -c 16000 /dev/zero
done >talk.raw
size=$(wc -c <talk.raw)
{
    printf RIFF
    little_endian 4 $((36 + size))
    printf 'WAVEfmt '
    little_endian 4 16
    little_endian 2 1
    little_endian 2 1
    little_endian 4 16000
    little_endian 4 32000
    little_endian 2 2
    little_endian 2 16
    printf data
    little_endian 4 "$size"
    cat talk.raw
} >talk.wav
expect listen "yes 0.*" "stop [12].*" "left [34].*"
expect follow "yes 0.*" "stop [12].*" "left [34].*"

# A word from three recordings, and a fourth one that is heard.
number=1
for clip in stop-pico-gb.wav stop-kokoro-kumo.wav stop-hibari-heart.wav stop-pico-us.flac; do
    cp "$samples/$clip" "lights-$((number++)).wav"
done
expect teach "lights: [0-3] of 3 takes heard, from 0.*" lights
[[ -s mine.safetensors && -s mine.recordings/lights/me_nohash_0.wav ]] || fail "teach leaves no model"

# A folder for each word, of the samples that are clips of commands; who speaks is the voice.
tail -n +2 "$samples/manifest.tsv" | while IFS=$'\t' read -r file label _ synthesizer voice _; do
    case $label in yes | no | stop | off)
        mkdir -p "recordings/$label"
        cp "$samples/$file" "recordings/$label/$synthesizer-${voice}_nohash_0.${file##*.}"
        ;;
    esac
done
epochs=()
for ((epoch = 0; epoch < 20; epoch++)); do epochs+=("epoch $epoch, loss [0-9]*"); done
expect train "${epochs[@]}" "[0-9]* of [0-9]* clips are right"
[[ -s my-words.safetensors ]] || fail "train leaves no model"

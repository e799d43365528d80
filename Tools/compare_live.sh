#!/usr/bin/env bash
# compare_live.sh MYNAH FOLDER [OUTPUT]: one composed recording, heard from a file, a pipe and a sound card that is not there.
#
# FOLDER is laid out as for `mynah train`. Ten minutes with 100 commands of its validation split are composed; OUTPUT
# (a temporary folder unless given) keeps recordings, events and truth. The sound card is a null sink of PulseAudio:
# what is played into it comes out of its monitor, which `mynah listen` records through ALSA as it would a microphone.
# That takes as long as the recording. Needs pulseaudio, pulseaudio-utils and libasound2-plugins:
#
#   sudo apt-get install pulseaudio pulseaudio-utils libasound2-plugins
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 64; }
mynah=$(realpath "$1")
folder=$2
here=$(dirname "$(realpath "$0")")
output=${3:-$(mktemp -d)}
model=(${MODEL:+--model "$MODEL"})
mkdir -p "$output"

"$mynah" compose "$folder" --force --count 100 --others 25 --gap 2.5,6.5 --seed "${SEED:-1}" \
    --output "$output/mix.wav" --truth "$output/mix.tsv"
"$mynah" listen "${model[@]}" --json "$output/mix.wav" > "$output/file.jsonl"
"$mynah" listen "${model[@]}" --json - < "$output/mix.wav" > "$output/redirected.jsonl"
# Bytes in pieces of odd sizes, as a slow writer leaves them.
dd if="$output/mix.wav" bs=777 status=none | dd ibs=131 obs=131 status=none |
    "$mynah" listen "${model[@]}" --json - > "$output/pipe.jsonl"

# A sound server of our own, which leaves that of the user alone.
server=$(mktemp -d)
chmod 700 "$server"
export PULSE_RUNTIME_PATH=$server PULSE_STATE_PATH=$server PULSE_COOKIE=$server/cookie HOME=$server
unset PULSE_SERVER PULSE_SINK
pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --log-level=error \
    -L module-native-protocol-unix \
    -L "module-null-sink sink_name=mynah rate=16000 channels=1 format=s16le" 2>"$server/log" &
pulse=$!
trap 'kill $pulse 2>/dev/null; wait $pulse 2>/dev/null; rm -rf "$server"' EXIT
for _ in $(seq 50); do pactl info >/dev/null 2>&1 && break; sleep 0.1; done
pactl info >/dev/null || { cat "$server/log" >&2; echo "PulseAudio does not start" >&2; exit 1; }

PULSE_SOURCE=mynah.monitor "$mynah" listen "${model[@]}" --json --device pulse --force --record "$output/heard.wav" \
    > "$output/loopback.jsonl" &
listener=$!
sleep 2
paplay --device=mynah "$output/mix.wav"
sleep 2
kill -TERM $listener
wait $listener
"$mynah" listen "${model[@]}" --json "$output/heard.wav" > "$output/replayed.jsonl"

# The sound card is asked before the sound begins, so that frames lie elsewhere in it: the file is delayed by as much.
delay=$("$here/align_recording.py" "$output/mix.wav" "$output/heard.wav" "$output/delayed.wav")
"$mynah" listen "${model[@]}" --json "$output/delayed.wav" > "$output/delayed.jsonl"

echo "File, redirected standard input, and pipe:"
"$here/compare_events.py" "$output/file.jsonl" "$output/redirected.jsonl" "$output/pipe.jsonl"
echo "The file, delayed by the $delay samples by which the sound card is later; live from the sound card; its recording:"
"$here/compare_events.py" "$output/delayed.jsonl" "$output/loopback.jsonl" "$output/replayed.jsonl"
echo "For comparison: the sound card against the file that is not delayed, whose frames begin up to half a step elsewhere:"
shift_seconds=$(awk "BEGIN { print $delay / 16000 }")
"$here/compare_events.py" --shift "$shift_seconds" --within 0.25 "$output/file.jsonl" "$output/loopback.jsonl" || true
echo "Recordings, events and truth are in $output"

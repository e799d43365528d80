#!/usr/bin/env bash
# The figures of Documentation/intents.md, on the SNIPS benchmark: three seeds on all phrases, 50 and 20 phrases of each intent,
# what each part gains, and what is turned away of an intent that was left out of training.
#
#   Tools/measure_intents.sh [final] MYNAH SNIPS
#
# Everything is measured on the 700 phrases that are kept for choices; with `final` the three seeds are tried on the 700 of the
# benchmark's validation files, once.
set -euo pipefail

split=validation
if [ "$1" = final ]; then split=testing; shift; fi
mynah=$1 snips=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# trained NAME OPTIONS…: trains, and prints the seconds that it took.
trained() {
    local name=$1 start=$SECONDS
    shift
    "$mynah" intent train "$snips" --output "$work/$name.safetensors" --force "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    echo $((SECONDS - start))
}

# measured NAME LABEL SECONDS: prints intent accuracy, slot F1, whole phrases, with their intervals.
measured() {
    "$mynah" intent evaluate "$snips" --model "$work/$1.safetensors" --split $split --json | python3 -c '
import json, sys
result = json.load(sys.stdin)["result"]
def shown(value, interval):
    return "{:.1f} ({:.1f}–{:.1f})".format(*(100 * number for number in (value, interval["lower"], interval["upper"])))
def share(name):
    return shown(result[name]["value"], result[name]["interval"])
slots = result["slots"]
print("{:32} intent {}  slot F1 {}  all right {}  {} s".format(
    sys.argv[1], share("intents"), shown(slots["f1"], slots["f1Interval"]), share("wholePhrases"), sys.argv[2]))' "$2" "$3"
}

for seed in 1 2 3; do
    measured seed "all phrases, seed $seed" "$(trained seed --seed $seed)"
done
[ $split = validation ] || exit 0
for count in 50 20; do
    for seed in 1 2 3; do
        measured few "$count phrases, seed $seed" "$(trained few --phrases $count --epochs 40 --seed $seed)"
    done
done
while read -r label options; do
    # shellcheck disable=SC2086
    measured part "without $label" "$(trained part --phrases 300 $options)"
done <<'PARTS'
nothing
exchanged-values --exchange 0
cut-phrases --cut 0
lower-case --lowercase 0
forgetting-of-words --forgetting 0
dropout --dropout 0
the-second-direction --layers lstm:192
attention --read-out last
PARTS
for intent in AddToPlaylist BookRestaurant GetWeather PlayMusic RateBook SearchCreativeWork SearchScreeningEvent; do
    mkdir "$work/$intent"
    for file in "$snips"/train_*.json; do
        case $file in *"$intent"*) ;; *) ln -s "$(realpath "$file")" "$work/$intent/" ;; esac
    done
    "$mynah" intent train "$work/$intent" --output "$work/rest.safetensors" --force --phrases 300 >"$work/log" 2>&1
    echo "without $intent: $("$mynah" intent evaluate "$snips/validate_$intent.json" --model "$work/rest.safetensors" --every-phrase \
        | grep 'out of scope')"
done

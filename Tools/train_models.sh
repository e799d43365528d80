#!/bin/sh
# Trains the models of models/ from the recordings that their card names.
#
#     Tools/train_models.sh PROGRAM SPEECH_COMMANDS OTHER_WORDS NOISE RUNNING_SPEECH OUTPUT
#
# RUNNING_SPEECH is a folder of transcribed corpora, a folder each, as mynah train-speech reads them. OUTPUT is a folder for
# all that belongs to the trainings; each goes on where it was when the script is called again. Nothing is copied to models/:
# a person chooses by validation.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
speech=$(realpath "$2")
others=$(realpath "$3")
noise=$(realpath "$4")
running=$(realpath "$5")
mkdir -p "$6"
cd "$6"
# Short names, so that the command lines that models keep say nothing of this machine.
ln -sfn "$speech" speech-commands
ln -sfn "$others" other-words
ln -sfn "$noise" noise
ln -sfn "$running" running-speech
commands=yes,no,up,down,left,right,on,off,stop,go
# Words that sound like a command are in no recording that is to hold none.
alike=know,write
attribution="Speech Commands 0.01 and 0.02 by Pete Warden, Google (arXiv 1804.03209), CC BY 4.0; DSPSpeech-20 by zhongyuchen, MIT licence; LibriSpeech by Vassil Panayotov and others, CC BY 4.0; speechocean762 by Junbo Zhang and others, free for any use; ESC-10 by Karol J. Piczak, CC BY and CC0; noise of Mycroft Precise, public domain"

# run KIND RUN ARGUMENTS…: begins a training, or goes on with it, unless it is done.
run() {
    kind=$1
    run=$2
    shift 2
    if [ -e "$run/report.txt" ]; then return; fi
    if [ -e "$run/run.json" ]; then
        "$program" "$kind" --resume "$run"
    else
        "$program" "$kind" --run "$run" "$@" --attribution "$attribution"
    fi
}

# A network that spells English finds words in the running speech: models/speech.safetensors.
run train-speech speech-first running-speech/* --preset bidirectional --epochs 20 --noise speech-commands/_background_noise_
run train-speech speech running-speech/* --from speech-first/best.safetensors --learning-rate 0.0006 --warm-up-epochs 1 \
    --epochs 16 --noise speech-commands/_background_noise_

# Other words for _unknown_, and speech that is known from its text to hold no command.
if ! [ -e arranged ]; then
    words_of_commands=$(find -L speech-commands -mindepth 1 -maxdepth 1 -type d -not -name '_*' -printf '%f,')
    # Recordings without a text are named and passed over, but make it end with a status of 1.
    [ -e words.tsv ] ||
        "$program" align running-speech/* --model speech/best.safetensors --output words.tsv ||
        [ -e words.tsv ]
    "$program" harvest words.tsv --all --except "$words_of_commands$alike" --output harvest
    "$program" harvest words.tsv --speech-without "$commands,$alike" --output speech-without
    rm -rf arranged.partial
    python3 "$tools/arrange_recordings.py" speech-commands other-words noise harvest speech-without arranged
fi
data="arranged/words --unknown arranged/unknown"

# First every word of the set as a label of its own: to tell 20 words apart teaches more than to tell ten from a crowd.
words="--unknown-share 0.2 --joined-share 0 --balance 0 --warm-up-epochs 1"
# Noise of any level is silence. The networks are small: what is hidden from them less, they learn better.
commands_only="--words $commands --warm-up-epochs 1 --silence-level=-110,-8 --negatives arranged/negatives --dropout 0"
# For streams: words in succession and running speech, decisions before the end, and states that go on.
talk="--negatives-share 0.6 --unknown-share 0.4 --joined-share 0.4 --early-decisions 6 --early-share 0.4 --label-smoothing 0.01"
streams="$talk --carry 0.4"
masks="--time-mask-frames 12 --feature-mask-size 4"

# default SEED: the default.
default() {
    # shellcheck disable=SC2086 # several options in one variable, here and below
    run train "words-$1" $data --seed "$1" --preset commands --front-end mynah --epochs 64 --patience 64 --learning-rate 0.003 \
        --dropout 0 $words $masks
    # shellcheck disable=SC2086
    run train "commands-$1" $data --seed "$1" $commands_only --from "words-$1/best.safetensors" --learning-rate 0.001 \
        --epochs 30 --patience 30 $masks $streams
}
default 1

# Where trainings with other seeds and settings come to from there, the mean of all is surer than each, and has fewer false alarms
# (arXiv 2203.05482).
# again RUN FROM CARRY OPTIONS…: one of them.
again() {
    name=$1
    start=$2
    carry=$3
    shift 3
    # shellcheck disable=SC2086
    run train "$name" $data $commands_only --from "$start" $masks $talk --carry "$carry" "$@"
}
# average OUTPUT MODEL…: the mean of the weights of models.
average() {
    mean=$1
    shift
    [ -e "$mean" ] || "$program" average speech-commands "$@" --output "$mean"
}
first=commands-1/best.safetensors
again again-2 "$first" 0.4 --seed 2 --learning-rate 0.0006 --epochs 8
again again-4 "$first" 0.4 --seed 4 --learning-rate 0.0006 --epochs 8
again balanced-2 "$first" 0.4 --seed 2 --learning-rate 0.0006 --epochs 8 --balance 1
again long-6 "$first" 0.4 --seed 6 --learning-rate 0.001 --epochs 24 --patience 24
average mean-1.safetensors "$first" again-2/best.safetensors again-4/best.safetensors balanced-2/best.safetensors \
    long-6/best.safetensors
# With more silence, and states that are seldom clean, the network forgets a word that is over.
again carry-22 mean-1.safetensors 0.9 --silence-share 0.4 --seed 22 --learning-rate 0.001 --epochs 6
again carry-24 mean-1.safetensors 0.9 --silence-share 0.4 --seed 24 --learning-rate 0.0006 --epochs 6 --balance 1
average mean-2.safetensors mean-1.safetensors carry-22/best.safetensors carry-24/best.safetensors

"$program" calibrate mean-2.safetensors speech-commands --output commands.safetensors --force

# The tiny one learns what the default says. It has too few weights to learn by heart, so that nothing is hidden from it, and bears
# large steps.
# shellcheck disable=SC2086
run train tiny-2 $data $commands_only --seed 2 --preset tiny --front-end mynah --teacher commands.safetensors --precision float32 \
    --epochs 56 --patience 56 --learning-rate 0.012 --time-masks 0 --feature-masks 0 $talk --carry 0.9 --silence-share 0.4
"$program" calibrate tiny-2/best.safetensors speech-commands --output tiny.safetensors --force

# What mynah teach fits a last layer to: a network that tells hundreds of words apart.
# shellcheck disable=SC2086
run train teaching arranged/word-classes --from words-1/best.safetensors --epochs 40 --patience 40 --learning-rate 0.002 \
    --unknown-share 0 --joined-share 0 --balance 0 --dropout 0.1 --warm-up-epochs 1 $masks

# And what it tells taught words from. Voices of synthesizers are among it, since people teach words by them, too.
if ! [ -e negatives.safetensors ]; then
    python3 "$tools/make_spoken_words.py" "$program" words.tsv arranged/word-classes arranged/held-out/words other-words spoken
    "$program" negatives --words arranged/harvested --words speech-commands --words spoken --speech arranged/negatives \
        --noise speech-commands/_background_noise_ --word-count 960 --speech-count 260 --noise-count 100 \
        --attribution 'Speech Commands 0.01 and 0.02 by Pete Warden, Google (arXiv 1804.03209), CC BY 4.0; LibriSpeech by V. Panayotov, G. Chen, D. Povey and S. Khudanpur (openslr.org/12), CC BY 4.0; speechocean762 by Junbo Zhang and others, free for any use; voices of espeak-ng, flite and festival' \
        --output negatives.safetensors
fi

# The exact one, which reads clips from both ends.
# shellcheck disable=SC2086
run train best-words $data --preset best --front-end mynah --epochs 40 --patience 7 --learning-rate 0.003 --dropout 0.05 $words $masks
# shellcheck disable=SC2086
run train best $data $commands_only --from best-words/best.safetensors --learning-rate 0.0015 --epochs 16 --patience 16 $masks \
    --negatives-share 0.4 --unknown-share 0.4 --label-smoothing 0.02

"$program" calibrate best/best.safetensors speech-commands --output best.safetensors --force

# advise MODEL BUDGET STRICTNESS: thresholds, and how long they must be kept, for so many false alarms an hour, on composed
# recordings and held-out speech.
advise() {
    "$program" evaluate --stream quiet.wav --truth quiet.tsv --stream noisy.wav --truth noisy.tsv \
        --negatives arranged/held-out/negatives --model "$1.safetensors" --budget "$2/h" --strictness "$3" \
        --output "$1-advised.safetensors" --force
    mv "$1-advised.safetensors" "$1.safetensors"
}
[ -e quiet.tsv ] || "$program" compose speech-commands --output quiet.wav --truth quiet.tsv --count 600 --others 200 --snr 20,40 --seed 3
[ -e noisy.tsv ] || "$program" compose speech-commands --output noisy.wav --truth noisy.tsv --count 600 --others 200 --snr 5,20 --seed 1
for budget in "6 lax" "2 usual" "0.5 strict"; do
    # shellcheck disable=SC2086
    advise commands $budget
done
for budget in "20 lax" "6 usual" "1 strict"; do
    # shellcheck disable=SC2086
    advise tiny $budget
done

# How much of the default's accuracy is luck? Two other seeds.
default 2
default 3

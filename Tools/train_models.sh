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

# The layers of the default. As a network that spells, they meet every sound of the language first.
layers=idct:40,conv:16:5x5:1x2,conv:32:3x3:2x2,conv:32:3x3:1x2,gru:128,gru:128
run train-speech speech running-speech/* --front-end mynah --layers "$layers" --epochs 12 --noise speech-commands/_background_noise_

# Other words for _unknown_, and speech that is known from its text to hold no command.
if ! [ -e arranged ]; then
    words_of_commands=$(find -L speech-commands -mindepth 1 -maxdepth 1 -type d -not -name '_*' -printf '%f,')
    # Recordings without a text are named and passed over, but make it end with a status of 1.
    [ -e words.tsv ] || "$program" align running-speech/* --model speech/best.safetensors --output words.tsv || [ -e words.tsv ]
    "$program" harvest words.tsv --all --except "$words_of_commands$alike" --output harvest
    "$program" harvest words.tsv --speech-without "$commands,$alike" --output speech-without
    rm -rf arranged.partial
    python3 "$tools/arrange_recordings.py" speech-commands other-words noise harvest speech-without arranged
fi
data="arranged/words --unknown arranged/unknown"

# First every word of the set as a label of its own: to tell 21 words apart teaches more than to tell ten from a crowd.
words="--unknown-share 0.2 --joined-share 0 --balance 0 --warm-up-epochs 1"
commands_only="--words $commands --warm-up-epochs 1 --learning-rate 0.001 --silence-level=-110,-8 --negatives arranged/negatives"
# For streams: words in succession and running speech, decisions before the end, and states that go on.
streams="--negatives-share 0.6 --unknown-share 0.4 --joined-share 0.4 --carry 0.4 --early-decisions 6 --early-share 0.4 --label-smoothing 0.01"

# The default, three times: how much of its accuracy is luck?
for seed in 1 2 3; do
    # shellcheck disable=SC2086 # several options in one variable, here and below
    run train "words-$seed" $data --seed "$seed" --from speech/best.safetensors --read-out attention:4:64 --epochs 14 $words
    # shellcheck disable=SC2086
    run train "commands-$seed" $data --seed "$seed" $commands_only --from "words-$seed/best.safetensors" --epochs 16 $streams
    if [ "$seed" != 1 ]; then continue; fi
    # The tiny one learns what the default says.
    # shellcheck disable=SC2086
    run train tiny $data $commands_only --front-end mynah --layers TINY \
        --read-out attention:2:24 --teacher commands-1/best.safetensors --epochs 24 --learning-rate 0.004 --dropout 0 $streams
    # The exact one, which reads clips from both ends.
    # shellcheck disable=SC2086
    run train best-words $data --front-end mynah \
        --layers idct:40,conv:20:5x5:1x2,conv:40:3x3:2x2,conv:40:3x3:1x2,bigru:160,bigru:160 --read-out attention:4:64 \
        --epochs 10 $words
    # shellcheck disable=SC2086
    run train best $data $commands_only --from best-words/best.safetensors --epochs 8 --negatives-share 0.4 \
        --unknown-share 0.4 --label-smoothing 0.02
done

for model in best tiny commands-1 commands-2 commands-3; do
    "$program" calibrate "$model/best.safetensors" speech-commands --output "${model%-1}.safetensors"
done

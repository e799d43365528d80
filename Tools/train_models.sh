#!/bin/sh
# Trains the models of models/ from the recordings that their card names.
#
#     Tools/train_models.sh PROGRAM SPEECH_COMMANDS OTHER_WORDS OUTPUT [SEED]
#
# OUTPUT is a folder for all that belongs to the trainings; each goes on where it was when the script is called again.
# It takes about half an hour on two cores. Nothing is copied to models/: a person chooses by validation accuracy.
set -eu

program=$(realpath "$1")
speech=$(realpath "$2")
others=$(realpath "$3")
seed=${5:-1}
mkdir -p "$4/seed-$seed"
cd "$4/seed-$seed"
# Short names, so that the command lines that models keep say nothing of this machine.
ln -sfn "$speech" speech-commands
ln -sfn "$others" other-words
commands=yes,no,up,down,left,right,on,off,stop,go

# train RUN ARGUMENTS…: begins a training, or goes on with it, unless it is done.
train() {
    run=$1
    shift
    if [ -e "$run/report.txt" ]; then return; fi
    if [ -e "$run/run.json" ]; then
        "$program" train --resume "$run"
    else
        "$program" train speech-commands --unknown other-words --run "$run" --seed "$seed" "$@"
    fi
}

# First every word of the set as a label of its own: to tell 31 words apart teaches more than to tell ten from a crowd.
train all-words --epochs 24 --unknown-share 0.1 --joined-share 0 --balance 0

# Then the ten commands; all other words become _unknown_. Training hears the words in noise, in succession, and digital
# silence, and has to decide early, as a stream asks for.
attribution="Speech Commands 0.01 and 0.02 by Pete Warden, Google (arXiv 1804.03209), CC BY 4.0; DSPSpeech-20 by zhongyuchen, MIT licence"
for_streams="--unknown-share 0.4 --joined-share 0.4 --silence-level=-110,-30 --carry 0.4 --early-decisions 3 --early-share 0.3"
# shellcheck disable=SC2086 # for_streams is several words
train commands --words "$commands" --from all-words/best.safetensors --epochs 14 --learning-rate 0.001 \
    --warm-up-epochs 1 $for_streams --attribution "$attribution"

# The tiny one learns what the large one says.
# shellcheck disable=SC2086
train tiny --preset tiny --words "$commands" --teacher commands/best.safetensors --epochs 40 --learning-rate 0.004 \
    --dropout 0 $for_streams --attribution "$attribution"

"$program" calibrate commands/best.safetensors speech-commands --output commands.safetensors
"$program" calibrate tiny/best.safetensors speech-commands --output commands-tiny.safetensors

#!/bin/sh
# Trains the models of models/ from the recordings that their card names.
#
#     Tools/train_models.sh PROGRAM SPEECH_COMMANDS OTHER_WORDS OUTPUT
#
# OUTPUT is a folder for all that belongs to the trainings; each goes on where it was when the script is called again.
# It takes about two hours on two cores. Nothing is copied to models/: a person chooses by validation accuracy.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
speech=$(realpath "$2")
others=$(realpath "$3")
"$tools/fetch_running_speech.sh" "$4/running-speech"
cd "$4"
# Short names, so that the command lines that models keep say nothing of this machine.
ln -sfn "$speech" speech-commands
ln -sfn "$others" other-words
commands=yes,no,up,down,left,right,on,off,stop,go
attribution="Speech Commands 0.01 and 0.02 by Pete Warden, Google (arXiv 1804.03209), CC BY 4.0; DSPSpeech-20 by zhongyuchen, MIT licence"
running="announcements of Asterisk in Spanish (Allison Smith), French (June Wallack) and Italian (Carlo Flora), CC BY-SA 3.0, and in Russian (Maxim Topal), CC BY 3.0"

# train RUN ARGUMENTS…: begins a training, or goes on with it, unless it is done.
train() {
    run=$1
    shift
    if [ -e "$run/report.txt" ]; then return; fi
    if [ -e "$run/run.json" ]; then
        "$program" train --resume "$run"
    else
        "$program" train speech-commands --unknown other-words --front-end mynah-mel --precision float32 --run "$run" "$@"
    fi
}

# First every word of the set as a label of its own: to tell 31 words apart teaches more than to tell ten from a crowd.
words="--unknown-share 0.1 --joined-share 0 --balance 0"
commands_only="--words $commands --warm-up-epochs 1 --silence-level=-110,-30"
# For streams: words in succession and running speech, decisions before the end, and states that go on.
streams="--negatives running-speech --negatives-share 0.6 --unknown-share 0.4 --joined-share 0.4 --carry 0.4 --early-decisions 6 --early-share 0.4 --label-smoothing 0.01"

# The exact one, which reads clips from both ends.
# shellcheck disable=SC2086 # several options in one variable, here and below
train best-words --preset best --epochs 16 $words
# shellcheck disable=SC2086
train best $commands_only --from best-words/best.safetensors --epochs 10 --learning-rate 0.001 --unknown-share 0.3 \
    --label-smoothing 0.02 --attribution "$attribution"

# The default, three times from random weights on: how much of its accuracy is luck?
for seed in 1 2 3; do
    all_words=all-words
    if [ "$seed" != 1 ]; then all_words=all-words-$seed; fi
    # shellcheck disable=SC2086
    train "$all_words" --seed "$seed" --epochs 24 $words
    # shellcheck disable=SC2086
    train "commands-$seed" --seed "$seed" $commands_only --learning-rate 0.001 --from "$all_words/best.safetensors" \
        --epochs 12 $streams --attribution "$attribution; $running"
done

# The tiny one learns what the default says.
# shellcheck disable=SC2086
train tiny $commands_only --preset tiny --teacher commands-1/best.safetensors --epochs 24 --learning-rate 0.004 --dropout 0 \
    $streams --attribution "$attribution; $running"

for model in best tiny commands-1 commands-2 commands-3; do
    name=${model#commands-}
    "$program" calibrate "$model/best.safetensors" speech-commands --output "commands-$name.safetensors"
done

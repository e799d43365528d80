#!/usr/bin/env bash
# Measures a model for Documentation/accuracy/: clips of the validation split, three composed recordings, and hours of speech
# without commands. Thresholds are advised by the first recording and tried on the second one; the third one is quieter.
#
#   Tools/measure_accuracy.sh MYNAH SPEECH_COMMANDS OUTPUT_FOLDER WORK_FOLDER [MODEL]
#
# MODEL is the model built into the program unless one is named. Of one that cannot follow a stream, clips are all that is
# measured. Where MYNAH_HELD_OUT names what Tools/train_models.sh has held out (arranged/held-out), words and noise that the model
# has not met and English speech without commands are heard, too. The recordings stay in WORK_FOLDER.
set -euo pipefail
test $# -ge 4 || { echo "usage: $0 MYNAH SPEECH_COMMANDS OUTPUT_FOLDER WORK_FOLDER [MODEL]" >&2; exit 64; }

tools=$(cd "$(dirname "$0")" && pwd)
mynah=$(realpath "$1")
mkdir -p "$3" "$4"
output=$(realpath "$3")
speech_commands=$(realpath "$2")
unmet=()
if test -n "${MYNAH_HELD_OUT:-}"; then
	held_out=$(realpath "$MYNAH_HELD_OUT")
	unmet=(--unmet held-out/words --noise held-out/noise)
fi
named=()
test $# = 4 || named=("$(realpath "$5")")
cd "$4"
mkdir -p reports
# Short names, so that the reports do not tell where things lie on this machine.
ln -sfn "$speech_commands" speech-commands
ln -sfn "$mynah" mynah
test ${#unmet[@]} = 0 || ln -sfn "$held_out" held-out
model=()
if test ${#named[@]} = 1; then
	ln -sfn "${named[0]}" measured.safetensors
	model=(--model measured.safetensors)
fi
export PATH="$PWD:$PATH"

"$tools/fetch_negatives.sh" fillets
# Words in noise, with other words between them: to choose thresholds by, and to try them on.
compose() { # NAME SNR SEED
	if test ! -e "$1.tsv"; then
		mynah compose speech-commands --output "$1.wav" --truth "$1.tsv" --split validation \
			--count 600 --others 200 --snr "$2" --seed "$3"
	fi
}
compose composed-1 5,20 1
compose composed-2 5,20 2
compose quiet 20,40 3

run() { # NAME ARGUMENTS…
	local name=$1
	shift
	echo "mynah evaluate $* ${model[*]}" >&2
	# In a folder of its own, beside which no sounds lie: the pages are published without them.
	mynah evaluate "$@" "${model[@]}" --json --html "reports/$name.html" > "reports/$name.json"
	mv "reports/$name.html" "reports/$name.json" "$output"
}

run clips speech-commands --split validation --conditions "${unmet[@]}"
if ! mynah inspect "${model[@]:1}" --json | grep -q '"causal" : true'; then
	python3 "$tools/accuracy_table.py" "$output"
	exit
fi
run quiet --stream quiet.wav --truth quiet.tsv --negatives fillets
test ${#unmet[@]} = 0 || run english --stream quiet.wav --truth quiet.tsv --negatives held-out/negatives
# A model that advises nothing within the budget has no last report.
rm -f "$output"/advised.*
run detection --stream composed-1.wav --truth composed-1.tsv --negatives fillets --budget 0.5/h
if mynah evaluate --stream composed-1.wav --truth composed-1.tsv --negatives fillets/nl "${model[@]}" \
	--budget 0.5/h --output advised.safetensors > /dev/null; then
	model=(--model advised.safetensors)
	run advised --stream composed-2.wav --truth composed-2.tsv --negatives fillets/cs
fi
python3 "$tools/accuracy_table.py" "$output"

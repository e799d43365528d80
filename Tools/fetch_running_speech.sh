#!/usr/bin/env bash
# Puts 1.7 hours of running speech to train on into FOLDER: the French, Italian, Russian and Spanish announcements of
# Asterisk, a telephone exchange, one voice a language, from four Debian packages (licences: CC BY-SA 3.0, the Russian ones
# CC BY 3.0). Nothing is installed; ffmpeg decodes their G.722, a wide-band code of telephones, which libsndfile does not
# read.
#
#   Tools/fetch_running_speech.sh FOLDER
set -euo pipefail
test $# = 1 || { echo "usage: $0 FOLDER" >&2; exit 64; }
command -v ffmpeg > /dev/null || { echo "ffmpeg is missing: apt-get install ffmpeg" >&2; exit 1; }

mkdir -p "$1"
folder=$(cd "$1" && pwd)
# Marked as complete at the end, so that a second run need not fetch again.
if test -e "$folder/complete"; then exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for language in es fr it ru; do
	apt-get download "asterisk-core-sounds-$language-g722" >&2
	dpkg-deb -x "asterisk-core-sounds-$language-g722"_*.deb "$language"
	# One after another in one file: the code has no frames, and adapts within some milliseconds.
	find "$language" -name '*.g722' -not -path '*/silence/*' | LC_ALL=C sort | xargs cat > "$language.g722"
	ffmpeg -nostdin -v error -f g722 -i "$language.g722" -ar 16000 "$folder/$language.flac"
done
touch "$folder/complete"

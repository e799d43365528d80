#!/usr/bin/env bash
# Puts 3.4 hours of acted speech without commands into FOLDER: the Dutch and the Czech voices of Fish Fillets, a game
# (licence: GPL-2.0-or-later), from two Debian packages. Nothing is installed; on other systems unpack the packages by hand.
#
#   Tools/fetch_negatives.sh FOLDER
set -euo pipefail
test $# = 1 || { echo "usage: $0 FOLDER" >&2; exit 64; }

mkdir -p "$1"
folder=$(cd "$1" && pwd)
# Marked as complete at the end, so that a second run need not fetch again.
if test -e "$folder/complete"; then exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for language in nl cs; do
	apt-get download "fillets-ng-data-$language" >&2
	dpkg-deb -x "fillets-ng-data-${language}"_*.deb "$language"
	find "$language" -path '*/sound/*' -name '*.ogg' | while read -r file; do
		target=$folder/$language/${file#*/sound/}
		mkdir -p "$(dirname "$target")"
		mv "$file" "$target"
	done
done
# Two of the recordings hold no sound.
find "$folder" -name '*.ogg' -size -5k -delete
touch "$folder/complete"

#!/usr/bin/env bash
# Makes sure that every source file that a page names is there: `MynahAudio/Waveform.swift`, in Sources or in Tests.
#
#     Tools/check_paths.sh
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
while IFS=: read -r page line path; do
    path=${path//\`/}
    [[ -e Sources/$path || -e Tests/$path ]] && continue
    echo "$page:$line: there is no $path in Sources or Tests" >&2
    status=1
done < <(git ls-files -z '*.md' | xargs -0 grep -EHno '`Mynah[A-Za-z]*/[^` ]+\.swift`')
exit $status

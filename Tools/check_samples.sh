#!/bin/sh
# Recognizes the clips of a folder and compares the answers with its manifest.
#
#     Tools/check_samples.sh .build/release/mynah audio-samples
#
# Fails if a command is missed. Other words, silence and noise are counted too, but a miss there is no failure.
set -eu

"$1" recognize "$2" | awk -v manifest="$2/manifest.tsv" -v folder="$2/" '
    BEGIN {
        getline < manifest
        while ((getline row < manifest) > 0) {
            split(row, column, "\t")
            said[column[1]] = column[2]
            total[kind(column[2])]++
        }
    }
    # An answer reads "folder/file: label 99.9 % (1.2 ms)".
    {
        colon = index($0, ": ")
        file = substr($0, length(folder) + 1, colon - length(folder) - 1)
        split(substr($0, colon + 2), answer, " ")
        isRight = answer[1] == said[file]
        if (isRight) right[kind(said[file])]++
        print $0 (isRight ? "" : "   <- expected " said[file])
    }
    END {
        printf "%d of %d commands recognized", right["command"], total["command"]
        printf ", %d of %d other words, silence and noise\n", right["other"], total["other"]
        exit !(total["command"] > 0 && right["command"] == total["command"])
    }
    function kind(label) { return label ~ /^_/ ? "other" : "command" }
'

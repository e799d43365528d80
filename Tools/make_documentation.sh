#!/usr/bin/env bash
# Writes the pages of the products Mynah and MynahLearning, and counts their public symbols.
#
#     Tools/make_documentation.sh FOLDER
#
# FOLDER/Mynah and FOLDER/MynahLearning are static pages, to be served by any web server. A warning (a link that leads
# nowhere, say) is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
swift=${SWIFT:-swift}
tools=$(dirname "$(command -v "$swift")")
scratch=.build/examples/release

# The examples need the libraries of both products and no others; their build serves here as well.
"$swift" build -c release --package-path Examples --scratch-path .build/examples

# The modules of C that Swift meets on its way through the libraries.
search=(-I $scratch/Modules)
for map in Sources/*/module.modulemap; do search+=(-I "$(dirname "$map")"); done
for map in $scratch/*.build/module.modulemap; do search+=(-Xcc "-fmodule-map-file=$map"); done

# count FOLDER [KIND]: the symbols of a kind, a regular expression, in the graphs of a folder.
count() {
    cat "$1"/*.json | grep -oE '"kind":\{"(displayName":"[^"]*",")?identifier":"swift\.'"${2-}" | wc -l
}

# write PRODUCT LIBRARIES: the product's page has the public symbols of the libraries that it exports.
write() {
    local product=$1 libraries=$2
    local symbols=$scratch/symbols/$product
    rm -rf "$symbols" "${folder:?}/$product"
    mkdir -p "$symbols" "$folder"
    "$tools/swift-symbolgraph-extract" -module-name "$product" -target "$(uname -m)-unknown-linux-gnu" \
        "${search[@]}" -minimum-access-level public -skip-synthesized-members \
        -experimental-allowed-reexported-modules="$libraries" -output-dir "$symbols"
    "$tools/docc" convert "Sources/$product/$product.docc" --additional-symbol-graph-dir "$symbols" \
        --fallback-display-name "$product" --fallback-bundle-identifier "mynah.$product" \
        --hosting-base-path "$product" --warnings-as-errors --output-path "$folder/$product"
    echo "$product: $(count "$symbols") public symbols," \
        "$(count "$symbols" '(struct|class|enum|protocol)"') of them types; $folder/$product"
}
write Mynah MynahBase,MynahAudio,MynahCapture,MynahModel,MynahRecognition
write MynahLearning MynahNetwork,MynahData,MynahTraining,MynahTeaching,MynahEvaluation

#!/usr/bin/env bash
# Tries mynah-server out with programs that others have written: PyPI's wyoming and websockets, schemathesis, and Chromium.
#
#     Tools/check_server.sh MYNAH SERVER [SECONDS]
#
# SECONDS of sound (60 unless given) go through each of them. Python packages are installed into .build/server-checks. The
# page is left out where chromium is not installed; pictures of it lie in .build/server-checks/pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
mynah=$1 server=$2 seconds=${3:-60}
folder=$PWD/.build/server-checks
python=$folder/bin/python
if ! cmp -s Tools/requirements-server.txt "$folder/installed.txt"; then
    python3 -m venv "$folder"
    "$python" -m pip install --quiet --requirement Tools/requirements-server.txt
    cp Tools/requirements-server.txt "$folder/installed.txt"
fi

"$python" Tools/check_server_events.py "$mynah" "$server" "$seconds"

# What the interface says of itself, against what it does.
coproc SERVER { exec "$server" --port 0 --wyoming-port none 2>"$folder/server.log"; }
trap 'kill "$SERVER_PID" 2>/dev/null || true' EXIT
read -r url <&"${SERVER[0]}"
# What it remembers of its runs stays in its folder.
(cd "$folder" && bin/schemathesis run "${url}openapi.json" --url "$url" --max-examples 30 --seed 1 \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --no-color)
kill "$SERVER_PID"
wait "$SERVER_PID"
trap - EXIT

if command -v chromium >/dev/null; then
    for rate in 16000 48000; do
        "$python" Tools/check_page.py "$mynah" "$server" "$folder/pictures" "$((seconds < 20 ? seconds : 20))" "$rate"
    done
else
    echo "the page is left out: chromium is not installed"
fi

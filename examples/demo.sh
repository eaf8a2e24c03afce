#!/bin/sh
# The main job once, for real: build conf/, start the finance API that ships with the example, run
# the emitted module against it, show what came out. `make demo` calls it after the set-up.
#
# BIN: the folder of the environment's commands. What the run lands is below demo/.
set -eu
cd "$(dirname "$0")/.."
: "${BIN:=$PWD/.venv/bin}"

heading() {
    printf '\n== %s\n\n' "$1"
}

rm -rf demo
mkdir -p demo

heading "Build: conf/*.yml -> build/*.py"
"$BIN/wfc" build conf

heading "Start the finance API"
"$BIN/python" -m examples.finance_api --port 0 --token demo-token \
    >demo/api.url 2>demo/api.log &
api=$!
trap 'kill "$api" 2>/dev/null && wait "$api" || :' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tries=0
until [ -s demo/api.url ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$api" 2>/dev/null; then
        echo "the finance API did not start:" >&2
        cat demo/api.log >&2
        exit 1
    fi
    sleep 0.1
done
FINANCE_API_URL=$(cat demo/api.url)
echo "listening at $FINANCE_API_URL, pid $api"

heading "Run: python build/run_py_local.py"
export FINANCE_API_URL
export API_ACCESS_REFRESH_TOKEN=demo-token
export LANDING_ROOT=demo/landing
# a local landing needs no credentials, the workflow asks for them all the same
export AWS_ACCESS_CLIENT_ID=demo-client AWS_ACCESS_CLIENT_SECRET=no-secret-needed
"$BIN/python" build/run_py_local.py \
    --param source-extract=USD-THB \
    --param run-date=2024-01-01 \
    --context demo/context.json

heading "Landed: demo/landing/"
(cd demo && find landing -type f | sort)
echo
head -n 4 demo/landing/open-data/USD-THB/curated/20240101.csv
echo "..."

heading "Journal: each event of the run as it happened (.wfruns/run-py-local/)"
# run ids begin with the time, so the last name is the newest run
journal=$(find .wfruns/run-py-local -name '*.jsonl' | sort | tail -n 1)
echo "$journal"
"$BIN/python" examples/show.py journal "$journal"

heading "Context: what each stage has put out (demo/context.json)"
"$BIN/python" examples/show.py context demo/context.json

#!/bin/sh
# Send one claim with its screenshots by curl.
# PREREVIEW_URL=http://127.0.0.1:8000 PREREVIEW_KEY=... sh submit_claim.sh claim.json [screenshot ...]
set -eu
: "${PREREVIEW_KEY:?set PREREVIEW_KEY to the key made by: prereview keys create}"
claim=${1:?name the file that holds the claim, e.g. claim.json}
shift

# One key for each claim: sent again, the same key can never open a second case.
key=${IDEMPOTENCY_KEY:-$(sed -n 's/.*"reference": *"\([^"]*\)".*/\1/p' "$claim" | head -n 1)}

# The files' arguments are put behind curl's own one by one, so that names with blanks stay whole.
count=$#
while [ "$count" -gt 0 ]; do
  file=$1
  shift
  set -- "$@" --form "evidence=@$file"
  count=$((count - 1))
done

curl --silent --show-error --retry 4 --retry-connrefused \
  --header "Authorization: Bearer $PREREVIEW_KEY" \
  --header "Idempotency-Key: $key" \
  --form "claim=@$claim;type=application/json" \
  "$@" "${PREREVIEW_URL:-http://127.0.0.1:8000}/v1/pre-reviews"
echo

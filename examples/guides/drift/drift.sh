#!/bin/sh
# Prints a Markdown table of the differences between HighLevel and the states of the given
# root modules. The script changes nothing in HighLevel or in a state.
#
#   ./drift.sh shards/a shards/b
#
# Exit code: 0 no difference, 2 a difference, 1 something could not be read. Set TF to
# the engine: terraform (the default) or tofu.
set -u
engine=${TF:-terraform}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
status=0

# Turns a plan (show -json, in $plan) and the log of that plan (plan -json, in $log) into rows.
rows='
def cell: tostring | gsub("\\|"; "\\|") | gsub("\n"; " ");

def row($location; $object; $what): "| \($root | cell) | \($location | cell) | \($object | cell) | \($what | cell) |";

def shown: if . == null then "nothing" else tojson end;

def differing($before; $after; $sensitive):
  [$before | keys[] | select($before[.] != $after[.])
    | if $sensitive[.] then "\(.): has changed (sensitive)" else "\(.): \($before[.] | shown) is now \($after[.] | shown)" end] | join("; ");

def drift:
  $plan[].resource_drift // [] | sort_by(.change.before.location_id, .address)[]
  | .change as {$before, $after}
  | (((.change.before_sensitive | objects) // {}) * ((.change.after_sensitive | objects) // {})) as $sensitive
  | row($before.location_id; .address; if $after == null then "is gone" else differing($before; $after; $sensitive) end);

# A row for each sub-account that was not read, if on_unreachable_location is "warn".
def unread:
  $log[] | select(.diagnostic.summary == "Sub-account Not Read").diagnostic.detail
  | row(capture("^Sub-account \"(?<id>[^\"]+)\"").id; "all"; "not read");

def failures:
  $log[] | select(.diagnostic.severity == "error").diagnostic
  | row("unknown"; .address // "all"; "\(.summary): \(.detail | split("\n")[0])");

drift, unread, failures
'

echo "| root module | sub-account | object | what differs |"
echo "|---|---|---|---|"
for module in "$@"; do
  rm -f "$work/drift.tfplan"
  echo '{}' > "$work/plan.json"
  "$engine" -chdir="$module" init -input=false -no-color > "$work/init.txt" 2>&1 || cat "$work/init.txt" >&2
  "$engine" -chdir="$module" plan -refresh-only -detailed-exitcode -input=false -json -out="$work/drift.tfplan" > "$work/log.jsonl"
  code=$?
  if [ "$code" -eq 0 ] || [ "$code" -eq 2 ]; then
    "$engine" -chdir="$module" show -json "$work/drift.tfplan" > "$work/plan.json"
  fi
  jq -rn --arg root "$module" --slurpfile log "$work/log.jsonl" --slurpfile plan "$work/plan.json" "$rows"
  if grep -q '"summary":"Sub-account Not Read"' "$work/log.jsonl"; then
    code=1
  fi
  case $code in
    0) ;;
    2) [ "$status" -ne 0 ] || status=2 ;;
    *) status=1 ;;
  esac
done
exit "$status"

#!/bin/sh
# Puts new sub-accounts into groups of at most SIZE. Other sub-accounts stay in their groups.
#
#   terraform -chdir=groups output -json locations | ./groups.sh SIZE [groups.json]
#
# If a sub-account is no longer in the list, it stays in its group, and the script prints its
# id to standard error.
set -eu
size=$1
file=${2:-groups.json}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/listed.json"
[ -e "$file" ] || echo '{}' > "$file"
jq --argjson size "$size" --slurpfile listed "$work/listed.json" '
def next_name: ([keys[] | tonumber?] | max // 0) + 1 | tostring | "00\(.)"[-([length, 3] | max):];

reduce ($listed[0] - (add // []))[] as $id (.; .[first((to_entries[] | select(.value | length < $size) | .key), next_name)] += [$id])
' "$file" > "$work/groups.json"
jq -r --slurpfile listed "$work/listed.json" '(add // []) - $listed[0] | .[] | "not in the list: \(.)"' "$file" >&2
cat "$work/groups.json" > "$file"

#!/bin/sh
# Moves sub-accounts from one group to another, in the states and in groups.json. The script
# changes nothing in HighLevel. Both groups must be in groups.json, and the root module must
# be initialized. No other run may start until groups.json is on main: until then, the new
# group would plan to destroy the resources of the moved sub-accounts.
#
#   ./move.sh 001 002 ojQjykmwNIU88vfsfzvH
#
# The folder move-backup contains the previous states. Set TF to the engine: terraform (the
# default) or tofu.
set -eu
engine=${TF:-terraform}

fail() {
  echo "$1" >&2
  exit 1
}

# Prints the commands that undo the move. Only a state that this script has pushed needs
# -force, since its serial is newer than the backup's. Without -force, the engine refuses to
# overwrite the changes of another run.
restore() {
  for state in move-backup/*.moved.tfstate; do
    group=$(basename "$state" .moved.tfstate)
    force=
    [ ! -e "move-backup/$group.pushed" ] || force='-force '
    echo "TF_WORKSPACE=$group $engine -chdir=shard state push $force- < move-backup/$group.tfstate"
  done
  echo 'cp move-backup/groups.json groups.json'
}

if [ -e move-backup ]; then
  fail "The last move is not finished, since move-backup exists. If its groups.json is on main and the plans of both groups
are empty, delete move-backup. If not, undo the move with these commands, then delete move-backup:
$(restore)"
fi
[ $# -ge 3 ] || fail "usage: $0 FROM TO SUB-ACCOUNT..."
from=$1
to=$2
shift 2
[ "$from" != "$to" ] || fail "Group $from is both the old and the new group."
wrong=$(jq -r --arg from "$from" --arg to "$to" '
  (if has($to) then empty else "There is no group \($to) in groups.json." end),
  ($ARGS.positional - (.[$from] // []) | .[] | "Sub-account \(.) is not in group \($from).")
' groups.json --args "$@")
[ -z "$wrong" ] || fail "$wrong"

# A failure before the first push changes nothing.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp groups.json "$work"
jq --arg from "$from" --arg to "$to" '.[$from] -= $ARGS.positional | .[$to] += $ARGS.positional' groups.json --args "$@" > "$work/groups.moved.json"
for group in "$from" "$to"; do
  TF_WORKSPACE=$group "$engine" -chdir=shard state pull > "$work/$group.tfstate"
  [ -s "$work/$group.tfstate" ] || echo "{\"version\": 4, \"serial\": 0, \"lineage\": \"$group-$(date +%s)\", \"resources\": []}" > "$work/$group.tfstate"
  cp "$work/$group.tfstate" "$work/$group.moved.tfstate"
done
for location in "$@"; do
  address="module.location[\"$location\"]"
  "$engine" -chdir="$work" state mv -state="$from.moved.tfstate" -state-out="$to.moved.tfstate" "$address" "$address"
done
mkdir move-backup
cp "$work"/*.json "$work"/*.tfstate move-backup

# Push the old group first. If the second push fails, the old group plans to create the
# moved resources again, and HighLevel refuses the duplicates. In the reverse order, the new
# group would plan to destroy the moved resources.
for group in "$from" "$to"; do
  TF_WORKSPACE=$group "$engine" -chdir=shard state push -lock-timeout=10m - < "move-backup/$group.moved.tfstate" ||
    fail "The state of group $group has not been written. Undo the move with these commands, then delete move-backup:
$(restore)"
  touch "move-backup/$group.pushed"
done
cat move-backup/groups.moved.json > groups.json
echo 'Merge groups.json into main before any other run starts, then delete move-backup.'

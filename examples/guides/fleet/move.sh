#!/bin/sh
# Moves sub-accounts from the state of one group to that of another, in the state and in
# groups.json. It changes nothing in HighLevel. The root module has been initialized, and
# both workspaces exist.
#
#   ./move.sh 001 002 ojQjykmwNIU88vfsfzvH
#
# The states of before are kept in move-backup. TF names the engine: terraform (the default) or tofu.
set -eu
engine=${TF:-terraform}
from=$1
to=$2
shift 2
mkdir move-backup
jq --arg from "$from" --arg to "$to" '.[$from] -= $ARGS.positional | .[$to] += $ARGS.positional' groups.json --args "$@" > move-backup/groups.json
for group in "$from" "$to"; do
  TF_WORKSPACE=$group "$engine" -chdir=shard state pull > "move-backup/$group.tfstate"
  cp "move-backup/$group.tfstate" "move-backup/$group.moved.tfstate"
done
for location in "$@"; do
  address="module.location[\"$location\"]"
  "$engine" -chdir=move-backup state mv -state="$from.moved.tfstate" -state-out="$to.moved.tfstate" "$address" "$address"
done
# The receiving group comes first: a state more that holds an object does no harm.
for group in "$to" "$from"; do
  TF_WORKSPACE=$group "$engine" -chdir=shard state push - < "move-backup/$group.moved.tfstate"
done
cat move-backup/groups.json > groups.json

#!/bin/sh
# Exchanges the refresh token of an app for an access token, and passes it to the next steps of the job. A refresh token
# works only once, so the new refresh token is stored before the access token is used.
#
# HIGHLEVEL_CLIENT_ID, HIGHLEVEL_CLIENT_SECRET and HIGHLEVEL_REFRESH_TOKEN are the app's credentials. GH_TOKEN must
# allow writing the secrets of the environment "highlevel". The script needs curl, jq and gh.
set -eu
umask 077
answer=$RUNNER_TEMP/token.json
trap 'rm -f "$answer"' EXIT
trap '' HUP INT TERM # an interrupt could lose the new refresh token

fail() {
  echo "::error::$1"
  exit 1
}

store() {
  gh secret set HIGHLEVEL_REFRESH_TOKEN --env highlevel --repo "$GITHUB_REPOSITORY"
}

# If the current token cannot be stored, the new one could not be stored either.
printf %s "$HIGHLEVEL_REFRESH_TOKEN" | store ||
  fail "GH_TOKEN cannot store secrets. The refresh token was not used: renew SECRETS_TOKEN, and run the job again."

form='{
  grant_type: "refresh_token",
  user_type: "Company",
  client_id: env.HIGHLEVEL_CLIENT_ID,
  client_secret: env.HIGHLEVEL_CLIENT_SECRET,
  refresh_token: env.HIGHLEVEL_REFRESH_TOKEN
} | to_entries | map("\(.key)=\(.value | @uri)") | join("&")'
jq -nr "$form" |
  curl --silent --show-error --fail --max-time 60 --header "Accept: application/json" --data @- \
    --output "$answer" "${GHL_BASE_URL:-https://services.leadconnectorhq.com}/oauth/token" ||
  fail "HighLevel returned no token. Run the job again; if it fails again, authorize the app again."

for name in access_token refresh_token; do
  jq -er ".$name | strings | \"::add-mask::\(.)\"" "$answer" || fail "HighLevel's answer has no $name: authorize the app again."
done

stored=
for pause in 0 5 20; do
  sleep "$pause"
  if jq -j .refresh_token "$answer" | store; then
    stored=yes
    break
  fi
done
[ -n "$stored" ] || fail "The new refresh token is not stored, and the old one is used up: authorize the app again."

jq -r '"GHL_AGENCY_ACCESS_TOKEN=\(.access_token)"' "$answer" >> "$GITHUB_ENV"

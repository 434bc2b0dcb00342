# Needs the provider's agency_access_token and company_id.
ephemeral "ghl_location_access_token" "school" {
  location_id = "ve9EPM428h8vShlRW1KT"
}

# Any other provider that calls HighLevel can use the token. This example uses ghl itself.
provider "ghl" {
  alias                  = "school"
  location_id            = "ve9EPM428h8vShlRW1KT"
  location_access_tokens = { ve9EPM428h8vShlRW1KT = ephemeral.ghl_location_access_token.school.access_token }
}

data "ghl_associations" "of_school" {
  provider = ghl.school
}

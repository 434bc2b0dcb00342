# Warns about sub-accounts that are missing from the list, or no longer belong in it. It
# changes nothing.
data "ghl_locations" "installed" {
  app_id = var.app_id
}

locals {
  installed = toset(data.ghl_locations.installed.locations[*].id)
  new       = setsubtract(local.installed, setunion(var.locations, var.left_out))
  missing   = setsubtract(setsubtract(var.locations, var.left_out), local.installed)
}

check "locations" {
  assert {
    condition     = length(local.new) == 0
    error_message = "New sub-accounts, in neither var.locations nor var.left_out: ${join(", ", local.new)}."
  }

  assert {
    condition     = length(local.missing) == 0
    error_message = "In var.locations, but no longer in the agency, or without the app: ${join(", ", local.missing)}."
  }
}

terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

# The agency's token and id come from GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID. The provider exchanges this token for one
# token per school.
provider "ghl" {}

locals {
  schools = ["demo-east", "demo-north", "demo-west"]

  kinds = {
    parent_of = { object = "contact", first = "Parent", second = "Child" }
    mentor_of = { object = "contact", first = "Mentor", second = "Mentee" }
  }
}

resource "ghl_association" "all" {
  for_each = merge([
    for school in local.schools : {
      for key, kind in local.kinds : "${school}/${key}" => merge(kind, { school = school, key = key })
    }
  ]...)

  location_id         = each.value.school
  key                 = each.value.key
  first_object_key    = each.value.object
  first_object_label  = each.value.first
  second_object_key   = each.value.object
  second_object_label = each.value.second

  deletion_protection = true
}

data "ghl_locations" "installed" {
  app_id = "demo-app"
}

check "schools" {
  assert {
    condition     = length(setsubtract(data.ghl_locations.installed.locations[*].id, local.schools)) == 0
    error_message = "Not managed yet: ${join(", ", setsubtract(data.ghl_locations.installed.locations[*].id, local.schools))}."
  }
}

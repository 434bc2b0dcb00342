terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

# GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID are set in the environment. The provider block
# sets no location_id, because every resource sets its own.
provider "ghl" {}

locals {
  # One entry for each sub-account and key: "<sub-account>/<key>".
  associations = merge([
    for location in setsubtract(var.locations, var.left_out) : {
      for key, association in var.associations : "${location}/${key}" => merge(
        association,
        try(var.labels[location][key], {}),
        { location_id = location, key = key },
      )
    }
  ]...)
}

resource "ghl_association" "all" {
  for_each = local.associations

  location_id         = each.value.location_id
  key                 = each.value.key
  first_object_key    = each.value.first_object_key
  first_object_label  = each.value.first_object_label
  second_object_key   = each.value.second_object_key
  second_object_label = each.value.second_object_label

  deletion_protection = true
}

# The root module of every group. Groups differ in var.locations and in their states.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

# GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID are set in the environment.
provider "ghl" {}

module "location" {
  source   = "./location"
  for_each = var.locations

  location_id  = each.key
  associations = var.associations
  labels       = lookup(var.labels, each.key, {})
  relations    = lookup(var.relations, each.key, {})
}

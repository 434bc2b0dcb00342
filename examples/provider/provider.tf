terraform {
  required_providers {
    ghl = {
      source  = "terraform-provider-ghl/ghl"
      version = "~> 0.1.0"
    }
  }
}

# The token comes from GHL_ACCESS_TOKEN, and the sub-account's id from GHL_LOCATION_ID.
provider "ghl" {}

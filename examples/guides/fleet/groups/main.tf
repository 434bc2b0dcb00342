# Lists the sub-accounts to put into groups. This module manages no resources.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

# GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID are set in the environment.
provider "ghl" {}

variable "app_id" {
  description = "Id of the app that the agency's token belongs to."
  type        = string
}

variable "left_out" {
  description = "Ids of sub-accounts of the agency that stay unmanaged."
  type        = set(string)
  default     = []
}

data "ghl_locations" "installed" {
  app_id = var.app_id
}

output "locations" {
  description = "Ids of the sub-accounts, in order."
  value       = sort(setsubtract(data.ghl_locations.installed.locations[*].id, var.left_out))
}

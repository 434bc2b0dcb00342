# Creates an HCP Terraform workspace for each group. TFE_TOKEN is set in the environment.
terraform {
  required_version = ">= 1.11" # for the write-only token

  required_providers {
    tfe = {
      source  = "hashicorp/tfe"
      version = ">= 0.71"
    }
  }
}

provider "tfe" {
  organization = var.organization
}

locals {
  groups = jsondecode(file("${path.module}/../groups.json"))
}

resource "tfe_project" "fleet" {
  name = "ghl-fleet"
}

resource "tfe_workspace" "group" {
  for_each = local.groups

  name              = "ghl-${each.key}"
  project_id        = tfe_project.fleet.id
  working_directory = "${var.directory}/shard"
  trigger_patterns  = ["${var.directory}/shard/**/*"]

  vcs_repo {
    identifier                 = var.repository
    github_app_installation_id = var.github_app_installation_id
  }
}

resource "tfe_variable" "locations" {
  for_each = local.groups

  workspace_id = tfe_workspace.group[each.key].id
  category     = "terraform"
  key          = "locations"
  value        = jsonencode(each.value)
  hcl          = true
}

# The credentials, set once for all workspaces of the project.
resource "tfe_variable_set" "credentials" {
  name              = "ghl-credentials"
  parent_project_id = tfe_project.fleet.id
}

resource "tfe_project_variable_set" "credentials" {
  project_id      = tfe_project.fleet.id
  variable_set_id = tfe_variable_set.credentials.id
}

resource "tfe_variable" "agency_access_token" {
  variable_set_id = tfe_variable_set.credentials.id
  category        = "env"
  key             = "GHL_AGENCY_ACCESS_TOKEN"
  value_wo        = var.agency_access_token
  sensitive       = true
}

resource "tfe_variable" "company_id" {
  variable_set_id = tfe_variable_set.credentials.id
  category        = "env"
  key             = "GHL_COMPANY_ID"
  value           = var.company_id
}

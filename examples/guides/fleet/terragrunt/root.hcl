# The settings that the groups share: the root module, a backend, and the sub-accounts.
terraform {
  source = "${get_parent_terragrunt_dir()}/../shard"
}

remote_state {
  backend = "s3"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    bucket       = "example-terraform-states"
    key          = "ghl/${path_relative_to_include()}.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

inputs = {
  locations = jsondecode(file("${get_parent_terragrunt_dir()}/../groups.json"))[path_relative_to_include()]
}

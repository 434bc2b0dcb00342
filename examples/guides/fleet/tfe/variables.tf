variable "organization" {
  description = "Name of the organization in HCP Terraform."
  type        = string
}

variable "repository" {
  description = "The repository that holds the root module, as <owner>/<name>."
  type        = string
}

variable "directory" {
  description = "Where this example is in the repository."
  type        = string
  default     = "fleet"
}

variable "github_app_installation_id" {
  description = "Id of the installation of HCP Terraform's GitHub app."
  type        = string
}

variable "company_id" {
  description = "Id of the agency in HighLevel."
  type        = string
}

variable "agency_access_token" {
  description = "The agency's token. No state and no plan contains it."
  type        = string
  sensitive   = true
  ephemeral   = true
}

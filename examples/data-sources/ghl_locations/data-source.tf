# Needs the provider's agency_access_token and company_id.
data "ghl_locations" "installed" {
  app_id = "6578278e879ad2646715ba9c"
}

output "sub_accounts" {
  value = { for location in data.ghl_locations.installed.locations : location.id => location.name }
}

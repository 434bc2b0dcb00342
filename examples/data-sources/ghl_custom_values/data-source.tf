data "ghl_custom_values" "all" {}

output "merge_fields" {
  value = { for value in data.ghl_custom_values.all.values : value.name => value.field_key }
}

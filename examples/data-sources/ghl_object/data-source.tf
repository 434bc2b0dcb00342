data "ghl_object" "contact" {
  key = "contact"
}

output "contact_fields" {
  value = { for field in data.ghl_object.contact.fields : field.field_key => field.data_type }
}

data "ghl_associations" "of_students" {
  object_key       = "custom_objects.student"
  association_type = "USER_DEFINED"
}

# The id for an import block of each
output "import_ids" {
  value = { for a in data.ghl_associations.of_students.associations : a.key => a.import_id }
}

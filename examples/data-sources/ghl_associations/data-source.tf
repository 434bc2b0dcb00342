data "ghl_associations" "of_students" {
  object_key       = "custom_objects.student"
  association_type = "USER_DEFINED"
}

# Import ids, for import blocks
output "import_ids" {
  value = { for a in data.ghl_associations.of_students.associations : a.key => a.import_id }
}

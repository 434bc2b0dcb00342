data "ghl_associations" "of_students" {
  object_key       = "custom_objects.student"
  association_type = "USER_DEFINED"
}

# What an import block needs for each of them
output "import_ids" {
  value = { for a in data.ghl_associations.of_students.associations : a.key => a.import_id }
}

data "ghl_custom_fields" "of_course" {
  object_key = "custom_objects.course"
}

# Import ids, for import blocks
output "import_ids" {
  value = { for field in data.ghl_custom_fields.of_course.fields : field.key => field.import_id }
}

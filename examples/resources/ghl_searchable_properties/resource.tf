resource "ghl_searchable_properties" "course" {
  object_key = "custom_objects.course"
  field_keys = [
    "custom_objects.course.title",
    "custom_objects.course.level",
  ]
}

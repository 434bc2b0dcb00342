resource "ghl_custom_field_folder" "timetable" {
  object_key = "custom_objects.course"
  name       = "Timetable"
}

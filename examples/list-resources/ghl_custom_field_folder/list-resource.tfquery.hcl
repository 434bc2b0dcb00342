list "ghl_custom_field_folder" "of_course" {
  provider = ghl

  config {
    object_key = "custom_objects.course"
  }
}

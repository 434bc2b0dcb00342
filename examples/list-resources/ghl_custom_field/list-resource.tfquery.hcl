list "ghl_custom_field" "of_course" {
  provider = ghl
  limit    = 1000 # without it, a query stops at 100

  config {
    object_key = "custom_objects.course"
  }
}

list "ghl_association" "of_students" {
  provider = ghl
  limit    = 1000 # without it, a query stops at 100

  config {
    object_key = "custom_objects.student"
    key_prefix = "taught_"
  }
}

resource "ghl_association" "taught_by" {
  key                 = "taught_by"
  first_object_key    = "custom_objects.student"
  first_object_label  = "Student"
  second_object_key   = "custom_objects.teacher"
  second_object_label = "Teacher"

  # Destroying or replacing an association deletes all its relations.
  deletion_protection = true
}

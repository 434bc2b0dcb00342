resource "ghl_association" "taught_by" {
  key                 = "taught_by"
  first_object_key    = "custom_objects.student"
  first_object_label  = "Student"
  second_object_key   = "custom_objects.teacher"
  second_object_label = "Teacher"
}

resource "ghl_record_relations" "students" {
  association_id     = ghl_association.taught_by.id
  record_id          = "teacher-1"
  related_record_ids = ["student-1", "student-2"]
}

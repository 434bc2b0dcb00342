# By key
data "ghl_association" "taught_by" {
  key = "taught_by"
}

# Finds an association by its two objects, if only one association links them
data "ghl_association" "student_teacher" {
  object_key       = "custom_objects.student"
  other_object_key = "custom_objects.teacher"
}

resource "ghl_relation" "lesson" {
  association_id   = data.ghl_association.taught_by.id
  first_record_id  = "student-1"
  second_record_id = "teacher-1"
}

# The students of several teachers
resource "ghl_record_relations" "of_teacher" {
  for_each = {
    teacher-1 = ["student-1", "student-2"]
    teacher-2 = ["student-2"]
  }

  association_key    = "taught_by"
  record_id          = each.key
  related_record_ids = each.value
}

list "ghl_record_relations" "of_teacher" {
  provider = ghl

  config {
    record_id = "teacher-1"
  }
}

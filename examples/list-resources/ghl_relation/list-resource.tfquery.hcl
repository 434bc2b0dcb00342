list "ghl_relation" "of_teacher" {
  provider = ghl
  limit    = 1000 # without it, a query stops at 100

  config {
    record_id = "teacher-1"
  }
}

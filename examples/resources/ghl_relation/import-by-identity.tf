import {
  to = ghl_relation.lesson
  identity = {
    association_id   = "68d2c5f0a1b2c3d4e5f60718"
    first_record_id  = "student-1"
    second_record_id = "teacher-1"
  }
}

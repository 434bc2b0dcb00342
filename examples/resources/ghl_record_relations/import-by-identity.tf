import {
  to = ghl_record_relations.students
  identity = {
    association_id = "68d2c5f0a1b2c3d4e5f60718"
    record_id      = "teacher-1"
  }
}

import {
  to = ghl_record_relations.students
  id = "68d2c5f0a1b2c3d4e5f60718/teacher-1"
}

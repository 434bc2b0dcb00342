import {
  to = ghl_relation.lesson
  id = "68d2c5f0a1b2c3d4e5f60718/student-1/teacher-1"
}

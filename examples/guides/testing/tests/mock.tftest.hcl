# Checks what the configuration creates from its variables, without any server.
mock_provider "ghl" {}

run "links_each_student" {
  variables {
    lessons = {
      student-1 = "teacher-1"
      student-2 = "teacher-1"
    }
  }

  assert {
    condition     = ghl_relation.lesson["student-2"].second_record_id == "teacher-1"
    error_message = "student-2 has another teacher."
  }

  assert {
    condition     = ghl_relation.lesson["student-2"].association_id == ghl_association.taught_by.id
    error_message = "The relation is under another association."
  }
}

run "refuses_a_lesson_alone" {
  command = plan

  variables {
    lessons = {
      student-1 = "student-1"
    }
  }

  expect_failures = [var.lessons]
}

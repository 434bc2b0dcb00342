# Applies the configuration to the sandbox and checks the result. The objects are destroyed at the end.
run "create" {
  variables {
    lessons = {
      student-1 = "teacher-1"
    }
  }

  assert {
    condition     = ghl_relation.lesson["student-1"].second_object_key == "custom_objects.teacher"
    error_message = "The relation links another object."
  }
}

run "rename_in_place" {
  variables {
    id_before     = run.create.association_id
    teacher_label = "Instructor"
    lessons = {
      student-1 = "teacher-1"
    }
  }

  assert {
    condition     = ghl_association.taught_by.id == var.id_before
    error_message = "The new label has replaced the association, and its relations are gone."
  }
}

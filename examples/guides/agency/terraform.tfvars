app_id = "6578278e879ad2646715ba9c"

locations = [
  "ve9EPM428h8vShlRW1KT",
  "ojQjykmwNIU88vfsfzvH",
  "Yh4bXZbGdvHcWuKvZpQe",
]

left_out = [
  "Q2vUFh6E1lJZcWzW3mTb", # the agency's own playground
]

associations = {
  lives_at = {
    first_object_key    = "contact"
    first_object_label  = "Resident"
    second_object_key   = "custom_objects.property"
    second_object_label = "Home"
  }
  taught_by = {
    first_object_key    = "custom_objects.student"
    first_object_label  = "Student"
    second_object_key   = "custom_objects.teacher"
    second_object_label = "Teacher"
  }
}

labels = {
  ojQjykmwNIU88vfsfzvH = {
    taught_by = {
      first_object_label  = "Pupil"
      second_object_label = "Tutor"
    }
  }
}

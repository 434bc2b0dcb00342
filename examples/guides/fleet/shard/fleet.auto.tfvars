# The same for all groups. Entries for sub-accounts of other groups have no effect.
associations = {
  taught_by = {
    first_object_key    = "custom_objects.student"
    first_object_label  = "Student"
    second_object_key   = "custom_objects.teacher"
    second_object_label = "Teacher"
  }
  lives_at = {
    first_object_key    = "contact"
    first_object_label  = "Resident"
    second_object_key   = "custom_objects.property"
    second_object_label = "Home"
  }
}

labels = {
  ojQjykmwNIU88vfsfzvH = {
    taught_by = { first_object_label = "Pupil", second_object_label = "Tutor" }
  }
}

relations = {
  ve9EPM428h8vShlRW1KT = {
    ada = { association = "taught_by", first_record_id = "student-1", second_record_id = "teacher-1" }
  }
  ojQjykmwNIU88vfsfzvH = {
    bob  = { association = "taught_by", first_record_id = "student-2", second_record_id = "teacher-2" }
    cleo = { association = "taught_by", first_record_id = "student-3", second_record_id = "teacher-2" }
  }
}

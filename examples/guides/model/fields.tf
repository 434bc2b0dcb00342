locals {
  student_fields = {
    date_of_birth = { name = "Date of birth", data_type = "DATE" }
    mobile        = { name = "Mobile", data_type = "PHONE" }
    email         = { name = "E-mail", data_type = "EMAIL" }
    notes         = { name = "Notes", data_type = "LARGE_TEXT" }
    level         = { name = "Level", data_type = "SINGLE_OPTIONS", options = ["Beginner", "Intermediate", "Advanced"] }
  }
  course_fields = {
    starts_on = { name = "Starts on", data_type = "DATE" }
    seats     = { name = "Seats", data_type = "NUMERICAL" }
    fee       = { name = "Fee", data_type = "MONETORY" } # HighLevel's spelling
    room      = { name = "Room", data_type = "TEXT" }
    days      = { name = "Days", data_type = "MULTIPLE_OPTIONS", options = ["Monday", "Wednesday", "Saturday"] }
  }
}

resource "ghl_custom_field_folder" "student" {
  location_id = var.location_id
  object_key  = ghl_custom_object.student.object_key
  name        = "Enrolment"
}

resource "ghl_custom_field_folder" "course" {
  location_id = var.location_id
  object_key  = ghl_custom_object.course.object_key
  name        = "Timetable"
}

resource "ghl_custom_field" "student" {
  for_each = local.student_fields

  location_id = var.location_id
  object_key  = ghl_custom_object.student.object_key
  folder_id   = ghl_custom_field_folder.student.id
  key         = each.key
  name        = each.value.name
  data_type   = each.value.data_type
  options     = try([for option in each.value.options : { key = lower(option), label = option }], null)
}

resource "ghl_custom_field" "course" {
  for_each = local.course_fields

  location_id = var.location_id
  object_key  = ghl_custom_object.course.object_key
  folder_id   = ghl_custom_field_folder.course.id
  key         = each.key
  name        = each.value.name
  data_type   = each.value.data_type
  options     = try([for option in each.value.options : { key = lower(option), label = option }], null)
}

# Students are found by their name and their e-mail address.
resource "ghl_searchable_properties" "student" {
  location_id = var.location_id
  object_key  = ghl_custom_object.student.object_key
  field_keys = [
    "${ghl_custom_object.student.object_key}.name",
    ghl_custom_field.student["email"].field_key,
  ]
}

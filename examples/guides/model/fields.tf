locals {
  course_fields = {
    starts_on = { name = "Starts on", data_type = "DATE" }
    seats     = { name = "Seats", data_type = "NUMERICAL" }
    fee       = { name = "Fee", data_type = "MONETORY" } # HighLevel's spelling
    level     = { name = "Level", data_type = "SINGLE_OPTIONS", options = ["Beginner", "Advanced"] }
    days      = { name = "Days", data_type = "MULTIPLE_OPTIONS", options = ["Monday", "Wednesday", "Saturday"] }
  }
  room_fields = {
    floor     = { name = "Floor", data_type = "TEXT" }
    chairs    = { name = "Chairs", data_type = "NUMERICAL" }
    equipment = { name = "Equipment", data_type = "CHECKBOX", options = ["Piano", "Projector"] }
    opened_on = { name = "Opened on", data_type = "DATE" }
    notes     = { name = "Notes", data_type = "LARGE_TEXT" }
  }
}

resource "ghl_custom_field_folder" "course" {
  location_id = var.location_id
  object_key  = ghl_custom_object.course.object_key
  name        = "Timetable"
}

resource "ghl_custom_field_folder" "room" {
  location_id = var.location_id
  object_key  = ghl_custom_object.room.object_key
  name        = "Building"
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

resource "ghl_custom_field" "room" {
  for_each = local.room_fields

  location_id = var.location_id
  object_key  = ghl_custom_object.room.object_key
  folder_id   = ghl_custom_field_folder.room.id
  key         = each.key
  name        = each.value.name
  data_type   = each.value.data_type
  options     = try([for option in each.value.options : { key = lower(option), label = option }], null)
}

# Courses are found by their title and their level.
resource "ghl_searchable_properties" "course" {
  location_id = var.location_id
  object_key  = ghl_custom_object.course.object_key
  field_keys = [
    "${ghl_custom_object.course.object_key}.title",
    ghl_custom_field.course["level"].field_key,
  ]
}

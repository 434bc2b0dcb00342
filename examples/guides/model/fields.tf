locals {
  fields = {
    "course.starts_on" = { name = "Starts on", data_type = "DATE" }
    "course.seats"     = { name = "Seats", data_type = "NUMERICAL" }
    "course.fee"       = { name = "Fee", data_type = "MONETORY" } # HighLevel's spelling
    "course.level"     = { name = "Level", data_type = "SINGLE_OPTIONS", options = ["Beginner", "Advanced"] }
    "course.days"      = { name = "Days", data_type = "MULTIPLE_OPTIONS", options = ["Monday", "Wednesday", "Saturday"] }
    "room.floor"       = { name = "Floor", data_type = "TEXT" }
    "room.chairs"      = { name = "Chairs", data_type = "NUMERICAL" }
    "room.equipment"   = { name = "Equipment", data_type = "CHECKBOX", options = ["Piano", "Projector"] }
    "room.opened_on"   = { name = "Opened on", data_type = "DATE" }
    "room.notes"       = { name = "Notes", data_type = "LARGE_TEXT" }
  }
}

resource "ghl_custom_field_folder" "all" {
  for_each = local.objects

  location_id = var.location_id
  object_key  = ghl_custom_object.all[each.key].object_key
  name        = each.value.folder
}

resource "ghl_custom_field" "all" {
  for_each = local.fields

  location_id = var.location_id
  object_key  = ghl_custom_object.all[split(".", each.key)[0]].object_key
  folder_id   = ghl_custom_field_folder.all[split(".", each.key)[0]].id
  key         = split(".", each.key)[1]
  name        = each.value.name
  data_type   = each.value.data_type
  options     = try([for option in each.value.options : { key = lower(option), label = option }], null)
}

# In HighLevel, people can search for courses by title and level.
resource "ghl_searchable_properties" "course" {
  location_id = var.location_id
  object_key  = ghl_custom_object.all["course"].object_key
  field_keys = [
    "${ghl_custom_object.all["course"].object_key}.title",
    ghl_custom_field.all["course.level"].field_key,
  ]
}

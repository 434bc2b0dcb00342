resource "ghl_custom_field" "fee" {
  object_key  = "custom_objects.course"
  key         = "fee"
  name        = "Fee"
  data_type   = "MONETORY" # HighLevel's spelling
  description = "For the whole course, in the sub-account's currency"

  # Destroying or replacing a field deletes its values in all records.
  deletion_protection = true
}

# A field with options, in a folder of its own
resource "ghl_custom_field_folder" "timetable" {
  object_key = "custom_objects.course"
  name       = "Timetable"
}

resource "ghl_custom_field" "days" {
  object_key = "custom_objects.course"
  folder_id  = ghl_custom_field_folder.timetable.id
  key        = "days"
  name       = "Days"
  data_type  = "MULTIPLE_OPTIONS"

  # HighLevel never removes an option. To rename an option, keep its key.
  options = [
    { key = "mon", label = "Monday" },
    { key = "wed", label = "Wednesday" },
    { key = "sat", label = "Saturday" },
  ]
}

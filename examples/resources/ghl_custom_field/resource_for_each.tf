# Several fields, in a sub-account other than the provider's default
resource "ghl_custom_field" "course" {
  for_each = {
    starts_on = { name = "Starts on", data_type = "DATE" }
    seats     = { name = "Seats", data_type = "NUMERICAL" }
  }

  location_id = "ve9EPM428h8vShlRW1KT"
  object_key  = "custom_objects.course"
  key         = each.key
  name        = each.value.name
  data_type   = each.value.data_type
}

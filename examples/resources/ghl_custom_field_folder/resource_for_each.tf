# Several folders, in a sub-account other than the provider's default
resource "ghl_custom_field_folder" "course" {
  for_each = toset(["Prices", "Rooms"])

  location_id = "ve9EPM428h8vShlRW1KT"
  object_key  = "custom_objects.course"
  name        = each.key
}

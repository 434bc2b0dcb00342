locals {
  locations = ["ve9EPM428h8vShlRW1KT", "ojQjykmwNIU88vfsfzvH"]
}

data "ghl_usage" "today" {
  location_ids = local.locations
  depends_on   = [ghl_association.all] # is read after them
}

resource "ghl_association" "all" {
  for_each            = toset(local.locations)
  location_id         = each.key
  key                 = "lives_at"
  first_object_key    = "contact"
  first_object_label  = "Resident"
  second_object_key   = "custom_objects.property"
  second_object_label = "Home"
}

check "calls_left" {
  assert {
    condition     = alltrue([for u in data.ghl_usage.today.usage : coalesce(u.daily_remaining, 200000) > 20000])
    error_message = "A sub-account has less than a tenth of its daily calls left."
  }
}

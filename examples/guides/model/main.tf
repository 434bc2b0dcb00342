# A sub-account as code: its objects, fields, values and associations. The root module
# contains the provider block.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

locals {
  objects = {
    course = {
      labels      = ["Course", "Courses"]
      description = "What is taught, from its first day to its last"
      primary     = { key = "title", name = "Title", data_type = "TEXT" }
      folder      = "Timetable"
    }
    room = {
      labels      = ["Room", "Rooms"]
      description = null
      primary     = { key = "number", name = "Number", data_type = "NUMERICAL" }
      folder      = "Building"
    }
  }
  associations = {
    held_in     = { other = "room", labels = ["Course", "Room"] }
    attended_by = { other = "contact", labels = ["Attended course", "Participant"] }
    paid_by     = { other = "business", labels = ["Paid course", "Sponsor"] }
  }
}

resource "ghl_custom_object" "all" {
  for_each = local.objects

  location_id    = var.location_id
  key            = each.key
  singular_label = each.value.labels[0]
  plural_label   = each.value.labels[1]
  description    = each.value.description

  primary_display_property = each.value.primary
}

resource "ghl_association" "all" {
  for_each = local.associations

  location_id         = var.location_id
  key                 = each.key
  first_object_key    = ghl_custom_object.all["course"].object_key
  first_object_label  = each.value.labels[0]
  second_object_key   = try(ghl_custom_object.all[each.value.other].object_key, each.value.other)
  second_object_label = each.value.labels[1]
}

# The module links records, but does not manage them.
resource "ghl_relation" "lesson" {
  for_each = var.lessons

  location_id      = var.location_id
  association_id   = ghl_association.all["held_in"].id
  first_record_id  = each.value.course
  second_record_id = each.value.room
}

resource "ghl_custom_value" "all" {
  for_each = var.values

  location_id = var.location_id
  name        = each.key
  value       = each.value
}

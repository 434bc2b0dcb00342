# A sub-account as code: its objects, fields, values and associations. The provider
# block belongs to whoever uses this module.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

resource "ghl_custom_object" "course" {
  location_id    = var.location_id
  key            = "course"
  singular_label = "Course"
  plural_label   = "Courses"
  description    = "What is taught, from its first day to its last"

  primary_display_property = {
    key       = "title"
    name      = "Title"
    data_type = "TEXT"
  }
}

resource "ghl_custom_object" "room" {
  location_id    = var.location_id
  key            = "room"
  singular_label = "Room"
  plural_label   = "Rooms"

  primary_display_property = {
    key       = "number"
    name      = "Number"
    data_type = "NUMERICAL"
  }
}

resource "ghl_association" "all" {
  for_each = {
    held_in     = { other = ghl_custom_object.room.object_key, labels = ["Course", "Room"] }
    attended_by = { other = "contact", labels = ["Attended course", "Participant"] }
    paid_by     = { other = "business", labels = ["Paid course", "Sponsor"] }
  }

  location_id         = var.location_id
  key                 = each.key
  first_object_key    = ghl_custom_object.course.object_key
  first_object_label  = each.value.labels[0]
  second_object_key   = each.value.other
  second_object_label = each.value.labels[1]
}

# Records are not managed, only linked.
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

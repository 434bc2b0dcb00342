# The model behind associations: an object, its fields, a custom value.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

provider "ghl" {}

resource "ghl_custom_object" "course" {
  key            = "course"
  singular_label = "Course"
  plural_label   = "Courses"

  primary_display_property = {
    key       = "title"
    name      = "Title"
    data_type = "TEXT"
  }

  deletion_policy = "delete"
}

resource "ghl_custom_field_folder" "timetable" {
  object_key = ghl_custom_object.course.object_key
  name       = "Timetable"
}

resource "ghl_custom_field" "course" {
  for_each = {
    starts_on = { name = "Starts on", data_type = "DATE" }
    seats     = { name = "Seats", data_type = "NUMERICAL" }
  }

  object_key = ghl_custom_object.course.object_key
  folder_id  = ghl_custom_field_folder.timetable.id
  key        = each.key
  name       = each.value.name
  data_type  = each.value.data_type
}

resource "ghl_searchable_properties" "course" {
  object_key = ghl_custom_object.course.object_key
  field_keys = ["custom_objects.course.title", ghl_custom_field.course["starts_on"].field_key]
}

resource "ghl_association" "attended_by" {
  key                 = "attended_by"
  first_object_key    = ghl_custom_object.course.object_key
  first_object_label  = "Attended course"
  second_object_key   = "contact"
  second_object_label = "Participant"
}

resource "ghl_custom_value" "front_desk" {
  name  = "Front Desk"
  value = "+1 555 0100"
}

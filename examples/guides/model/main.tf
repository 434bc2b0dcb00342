# A sub-account as code: its objects, fields, values and associations. The provider
# block belongs to whoever uses this module.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

resource "ghl_custom_object" "student" {
  location_id    = var.location_id
  key            = "student"
  singular_label = "Student"
  plural_label   = "Students"
  description    = "Somebody who attends courses"

  primary_display_property = {
    key       = "name"
    name      = "Name"
    data_type = "TEXT"
  }
}

resource "ghl_custom_object" "course" {
  location_id    = var.location_id
  key            = "course"
  singular_label = "Course"
  plural_label   = "Courses"

  primary_display_property = {
    key       = "title"
    name      = "Title"
    data_type = "TEXT"
  }
}

resource "ghl_association" "all" {
  for_each = {
    enrolled_in = { other = ghl_custom_object.course.object_key, labels = ["Student", "Course"] }
    has_parent  = { other = "contact", labels = ["Child", "Parent"] }
    sponsored   = { other = "business", labels = ["Sponsored student", "Sponsor"] }
  }

  location_id         = var.location_id
  key                 = each.key
  first_object_key    = ghl_custom_object.student.object_key
  first_object_label  = each.value.labels[0]
  second_object_key   = each.value.other
  second_object_label = each.value.labels[1]
}

# Records are not managed, only linked.
resource "ghl_relation" "enrolment" {
  for_each = var.enrolments

  location_id      = var.location_id
  association_id   = ghl_association.all["enrolled_in"].id
  first_record_id  = each.value.student
  second_record_id = each.value.course
}

resource "ghl_custom_value" "all" {
  for_each = var.values

  location_id = var.location_id
  name        = each.key
  value       = each.value
}

terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

# The token, sub-account and base URL come from GHL_ACCESS_TOKEN, GHL_LOCATION_ID and GHL_BASE_URL.
provider "ghl" {}

resource "ghl_association" "taught_by" {
  key                 = "taught_by"
  first_object_key    = "custom_objects.student"
  first_object_label  = "Student"
  second_object_key   = "custom_objects.teacher"
  second_object_label = "Teacher"
}

# HighLevel stores these two sides in the other order. The configuration can use either order.
resource "ghl_association" "lives_at" {
  key                 = "lives_at"
  first_object_key    = "custom_objects.property"
  first_object_label  = "Home"
  second_object_key   = "contact"
  second_object_label = "Resident"
}

resource "ghl_association" "parent_of" {
  key                 = "parent_of"
  first_object_key    = "contact"
  first_object_label  = "Parent"
  second_object_key   = "contact"
  second_object_label = "Child"
}

locals {
  lessons = [
    { student = "student-1", teacher = "teacher-1" },
    { student = "student-2", teacher = "teacher-1" },
    { student = "student-3", teacher = "teacher-1" },
    { student = "student-3", teacher = "teacher-2" },
  ]
}

resource "ghl_relation" "lesson" {
  for_each = { for l in local.lessons : "${l.student}/${l.teacher}" => l }

  association_id   = ghl_association.taught_by.id
  first_record_id  = each.value.student
  second_record_id = each.value.teacher
}

resource "ghl_relation" "resident" {
  for_each = toset(["contact-1", "contact-2"])

  association_id   = ghl_association.lives_at.id
  first_record_id  = "property-1"
  second_record_id = each.value
}

resource "ghl_relation" "parent" {
  for_each = toset(["contact-1", "contact-2"])

  association_id   = ghl_association.parent_of.id
  first_record_id  = each.value
  second_record_id = "contact-3"
}

# A first configuration, to be changed as you like. The README tells how to apply it to the sandbox.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

provider "ghl" {}

resource "ghl_association" "taught_by" {
  key                 = "taught_by"
  first_object_key    = "custom_objects.student"
  first_object_label  = "Student"
  second_object_key   = "custom_objects.teacher"
  second_object_label = "Teacher"
}

resource "ghl_relation" "lesson" {
  association_id   = ghl_association.taught_by.id
  first_record_id  = "student-1"
  second_record_id = "teacher-1"
}

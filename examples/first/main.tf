# A first configuration to change and try out. The README shows how to apply it to the sandbox.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

# The sandbox's address, token and sub-account. For a real sub-account, remove these three settings, and set
# GHL_ACCESS_TOKEN and GHL_LOCATION_ID.
provider "ghl" {
  base_url     = "http://127.0.0.1:8787"
  access_token = "fake-token-for-school"
  location_id  = "school"
}

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

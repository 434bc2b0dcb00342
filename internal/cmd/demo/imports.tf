variable "emergency_contact_of_id" {
  type = string
}

import {
  to = ghl_association.emergency_contact_of
  id = "key:emergency_contact_of"
}

resource "ghl_association" "emergency_contact_of" {
  key                 = "emergency_contact_of"
  first_object_key    = "contact"
  first_object_label  = "Emergency contact"
  second_object_key   = "custom_objects.student"
  second_object_label = "Student"
}

import {
  to = ghl_relation.emergency_contact
  id = "${var.emergency_contact_of_id}/contact-1/student-1"
}

resource "ghl_relation" "emergency_contact" {
  association_id   = ghl_association.emergency_contact_of.id
  first_record_id  = "contact-1"
  second_record_id = "student-1"
}

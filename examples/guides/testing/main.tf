terraform {
  required_providers {
    ghl = {
      source  = "terraform-provider-ghl/ghl"
      version = "~> 0.1.0"
    }
  }
}

provider "ghl" {}

variable "teacher_label" {
  type    = string
  default = "Teacher"
}

variable "lessons" {
  description = "The teacher's record id of each student's record id."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for student, teacher in var.lessons : student != teacher])
    error_message = "Nobody teaches themselves."
  }
}

resource "ghl_association" "taught_by" {
  key                 = "taught_by"
  first_object_key    = "custom_objects.student"
  first_object_label  = "Student"
  second_object_key   = "custom_objects.teacher"
  second_object_label = var.teacher_label
}

resource "ghl_relation" "lesson" {
  for_each = var.lessons

  association_id   = ghl_association.taught_by.id
  first_record_id  = each.key
  second_record_id = each.value
}

output "association_id" {
  value = ghl_association.taught_by.id
}

# The associations and relations of one sub-account.
terraform {
  required_providers {
    ghl = {
      source = "terraform-provider-ghl/ghl"
    }
  }
}

variable "location_id" {
  description = "Id of the sub-account."
  type        = string
}

variable "associations" {
  description = "Associations, by key."
  type = map(object({
    first_object_key    = string
    first_object_label  = string
    second_object_key   = string
    second_object_label = string
  }))
}

variable "labels" {
  description = "Labels that differ in this sub-account, by the key of the association."
  type = map(object({
    first_object_label  = string
    second_object_label = string
  }))
}

variable "relations" {
  description = "Relations, by a name."
  type = map(object({
    association      = string
    first_record_id  = string
    second_record_id = string
  }))
}

resource "ghl_association" "all" {
  for_each = var.associations

  location_id         = var.location_id
  key                 = each.key
  first_object_key    = each.value.first_object_key
  first_object_label  = try(var.labels[each.key].first_object_label, each.value.first_object_label)
  second_object_key   = each.value.second_object_key
  second_object_label = try(var.labels[each.key].second_object_label, each.value.second_object_label)

  deletion_protection = true
}

resource "ghl_relation" "all" {
  for_each = var.relations

  location_id      = var.location_id
  association_id   = ghl_association.all[each.value.association].id
  first_record_id  = each.value.first_record_id
  second_record_id = each.value.second_record_id
}

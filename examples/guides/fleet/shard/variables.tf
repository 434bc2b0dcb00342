variable "locations" {
  description = "Ids of the sub-accounts of this group."
  type        = set(string)
}

variable "associations" {
  description = "What every sub-account gets, by key."
  type = map(object({
    first_object_key    = string
    first_object_label  = string
    second_object_key   = string
    second_object_label = string
  }))
}

variable "labels" {
  description = "Labels that differ in a sub-account, by its id and the key."
  type = map(map(object({
    first_object_label  = string
    second_object_label = string
  })))
  default = {}
}

variable "relations" {
  description = "What to link, by the id of the sub-account and a name."
  type = map(map(object({
    association      = string
    first_record_id  = string
    second_record_id = string
  })))
}

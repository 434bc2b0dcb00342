variable "app_id" {
  description = "Id of the app that the agency's token belongs to."
  type        = string
}

variable "locations" {
  description = "Ids of the sub-accounts to manage: your own list, not HighLevel's answer."
  type        = set(string)
}

variable "left_out" {
  description = "Ids of sub-accounts of the agency that stay unmanaged."
  type        = set(string)
  default     = []
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

variable "app_id" {
  description = "Id of the app whose agency token the provider has."
  type        = string
}

variable "locations" {
  description = "Ids of the sub-accounts to manage. A list of your own, not an answer of HighLevel."
  type        = set(string)
}

variable "left_out" {
  description = "Ids of sub-accounts of the agency that are not to be managed."
  type        = set(string)
  default     = []
}

variable "associations" {
  description = "What every sub-account is to have, by key."
  type = map(object({
    first_object_key    = string
    first_object_label  = string
    second_object_key   = string
    second_object_label = string
  }))
}

variable "labels" {
  description = "What a sub-account calls the sides differently, by its id and the key."
  type = map(map(object({
    first_object_label  = string
    second_object_label = string
  })))
  default = {}
}

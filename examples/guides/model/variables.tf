variable "location_id" {
  description = "Id of the sub-account. Default: that of the provider."
  type        = string
  default     = null
}

variable "values" {
  description = "Custom values, by name."
  type        = map(string)
  default = {
    "School Name" = "Example School"
    "Front Desk"  = "+1 555 0100"
    "Open From"   = "8:00"
    "Open Until"  = "17:30"
    "Signature"   = "Yours, {{ user.first_name }}"
  }
}

variable "lessons" {
  description = "Ids of the records to link: courses and their rooms."
  type        = map(object({ course = string, room = string }))
  default     = {}
}

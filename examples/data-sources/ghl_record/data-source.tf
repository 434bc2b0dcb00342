data "ghl_record" "ada" {
  object_key = "contact"
  email      = "ada@example.com"
}

data "ghl_record" "algebra" {
  object_key = "custom_objects.course"
  property   = "title"
  value      = "Algebra I"
}

# If no contact has this number, the id is null
data "ghl_record" "office" {
  object_key = "contact"
  phone      = "+15550100"
  optional   = true
}

output "ids" {
  value = {
    ada     = data.ghl_record.ada.id
    algebra = data.ghl_record.algebra.id
    office  = data.ghl_record.office.id
  }
}

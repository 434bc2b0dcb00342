resource "ghl_custom_value" "office_phone" {
  name  = "Office Phone"
  value = "+1 555 0100"
}

# Several values, in a sub-account other than the provider's default
resource "ghl_custom_value" "branding" {
  for_each = {
    "Brand Name" = "Example School"
    "Signature"  = "Yours, {{ user.first_name }}"
  }

  location_id = "ve9EPM428h8vShlRW1KT"
  name        = each.key
  value       = each.value
}

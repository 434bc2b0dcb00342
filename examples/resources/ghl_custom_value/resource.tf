resource "ghl_custom_value" "office_phone" {
  name  = "Office Phone"
  value = "+1 555 0100"
}

# The same values in every sub-account
resource "ghl_custom_value" "branding" {
  for_each = {
    "Brand Name" = "Example School"
    "Signature"  = "Yours, {{ user.first_name }}"
  }

  name  = each.key
  value = each.value
}

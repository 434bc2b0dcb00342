# Several associations, in a sub-account other than the provider's default
resource "ghl_association" "family" {
  for_each = {
    parent_of  = { first = "Parent", second = "Child" }
    married_to = { first = "Spouse", second = "Partner" }
  }

  location_id         = "ve9EPM428h8vShlRW1KT"
  key                 = each.key
  first_object_key    = "contact"
  first_object_label  = each.value.first
  second_object_key   = "contact"
  second_object_label = each.value.second
}

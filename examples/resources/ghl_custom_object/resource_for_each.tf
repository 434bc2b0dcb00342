# Several objects, in a sub-account other than the provider's default
resource "ghl_custom_object" "all" {
  for_each = {
    house = { singular = "House", plural = "Houses" }
    lease = { singular = "Lease", plural = "Leases" }
  }

  location_id     = "ve9EPM428h8vShlRW1KT"
  key             = each.key
  singular_label  = each.value.singular
  plural_label    = each.value.plural
  deletion_policy = "protect"

  primary_display_property = {
    key       = "number"
    name      = "Number"
    data_type = "TEXT"
  }
}

list "ghl_searchable_properties" "all" {
  provider = ghl
}

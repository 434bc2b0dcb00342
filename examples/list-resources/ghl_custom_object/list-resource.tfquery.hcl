list "ghl_custom_object" "all" {
  provider = ghl
}

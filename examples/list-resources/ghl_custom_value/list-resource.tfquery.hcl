list "ghl_custom_value" "all" {
  provider = ghl
  limit    = 1000 # without it, a query stops at 100
}

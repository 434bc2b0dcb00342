data "ghl_usage" "today" {
  location_ids = ["ve9EPM428h8vShlRW1KT"]
}

check "calls_left" {
  assert {
    condition     = alltrue([for u in data.ghl_usage.today.usage : coalesce(u.daily_remaining, 0) > 20000])
    error_message = "A sub-account has less than a tenth of its daily calls left, or its answers do not say how many."
  }
}

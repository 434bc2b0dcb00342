# HighLevel creates this association in each sub-account, with a different id each time.
resource "ghl_relation" "deal" {
  association_key  = "BUSINESSES_OPPORTUNITIES_ASSOCIATION"
  first_record_id  = "business-1"
  second_record_id = "opportunity-1"
}

# HighLevel creates this association in each sub-account, with a different id each time.
resource "ghl_record_relations" "deals" {
  association_key    = "BUSINESSES_OPPORTUNITIES_ASSOCIATION"
  record_id          = "business-1"
  related_record_ids = ["opportunity-1", "opportunity-2"]
}

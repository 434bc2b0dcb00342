# HighLevel makes this association in each sub-account, with another id in each.
resource "ghl_record_relations" "deals" {
  association_key    = "BUSINESSES_OPPORTUNITIES_ASSOCIATION"
  record_id          = "business-1"
  related_record_ids = ["opportunity-1", "opportunity-2"]
}

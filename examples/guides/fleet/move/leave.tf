# Forgets a sub-account of this group, and destroys nothing. Use it only in runs of this
# group, beside the root module.
moved {
  from = module.location["ojQjykmwNIU88vfsfzvH"]
  to   = module.leaving
}

removed {
  from = module.leaving

  lifecycle {
    destroy = false
  }
}

# Removes a sub-account from this group's state, and destroys nothing. Add this file to the
# root module only in runs of this group.
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

# Forgets a sub-account of this group, and destroys nothing. It belongs beside the root
# module in runs of this group alone.
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

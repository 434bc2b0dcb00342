# Removes all associations of the old root module from the state, and destroys nothing. Use
# this block instead of their resource block.
removed {
  from = ghl_association.all

  lifecycle {
    destroy = false
  }
}

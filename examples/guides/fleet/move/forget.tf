# Removes all associations of the old root module from the state, and destroys nothing.
# Replace the resource block of the associations with this block.
removed {
  from = ghl_association.all

  lifecycle {
    destroy = false
  }
}

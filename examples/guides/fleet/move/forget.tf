# Forgets all associations of the old root module, and destroys nothing. It replaces their
# resource block.
removed {
  from = ghl_association.all

  lifecycle {
    destroy = false
  }
}

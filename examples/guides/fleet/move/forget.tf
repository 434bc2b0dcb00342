# Forgets all associations of the root module that had them, and destroys nothing. It
# replaces their resource block.
removed {
  from = ghl_association.all

  lifecycle {
    destroy = false
  }
}

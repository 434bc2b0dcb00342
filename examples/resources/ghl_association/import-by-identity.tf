import {
  to = ghl_association.taught_by
  identity = {
    id = "68d2c5f0a1b2c3d4e5f60718"
  }
}

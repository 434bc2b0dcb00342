import {
  to = ghl_custom_field.fee
  identity = {
    id = "68d2c5f0a1b2c3d4e5f60718"
  }
}

import {
  to = ghl_custom_object.pet
  identity = {
    id = "68d2c5f0a1b2c3d4e5f60718"
  }
}

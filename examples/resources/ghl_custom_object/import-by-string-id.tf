import {
  to = ghl_custom_object.pet
  id = "key:pet"
}

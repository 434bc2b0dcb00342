import {
  to = ghl_custom_value.office_phone
  id = "name:Office Phone"
}

import {
  to = ghl_custom_field.fee
  id = "key:custom_objects.course.fee"
}

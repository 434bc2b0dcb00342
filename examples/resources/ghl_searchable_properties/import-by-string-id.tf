import {
  to = ghl_searchable_properties.course
  id = "custom_objects.course"
}

import {
  to = ghl_searchable_properties.course
  identity = {
    object_key = "custom_objects.course"
  }
}

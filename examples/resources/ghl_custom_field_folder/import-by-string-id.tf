import {
  to = ghl_custom_field_folder.timetable
  id = "name:custom_objects.course/Timetable"
}

# <id>, or name:<object key>/<name>
terraform import ghl_custom_field_folder.timetable 68d2c5f0a1b2c3d4e5f60718
terraform import ghl_custom_field_folder.timetable name:custom_objects.course/Timetable

# In a sub-account other than the provider's default
terraform import ghl_custom_field_folder.timetable ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718

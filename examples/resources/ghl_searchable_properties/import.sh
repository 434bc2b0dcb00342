# <object key>
terraform import ghl_searchable_properties.course custom_objects.course

# In a sub-account other than the provider's default
terraform import ghl_searchable_properties.course ve9EPM428h8vShlRW1KT/custom_objects.course

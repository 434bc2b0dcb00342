# <id>, or key:<full key of the field>
terraform import ghl_custom_field.fee 68d2c5f0a1b2c3d4e5f60718
terraform import ghl_custom_field.fee key:custom_objects.course.fee

# In a sub-account other than the provider's default
terraform import ghl_custom_field.fee ve9EPM428h8vShlRW1KT/key:custom_objects.course.fee

# <id>, or key:<full or short key>
terraform import ghl_custom_object.pet 68d2c5f0a1b2c3d4e5f60718
terraform import ghl_custom_object.pet key:pet

# In a sub-account other than the provider's default
terraform import ghl_custom_object.pet ve9EPM428h8vShlRW1KT/key:custom_objects.pet

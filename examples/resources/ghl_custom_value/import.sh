# <id>, or name:<name>
terraform import ghl_custom_value.office_phone 68d2c5f0a1b2c3d4e5f60718
terraform import ghl_custom_value.office_phone "name:Office Phone"

# In a sub-account other than the provider's default
terraform import ghl_custom_value.office_phone ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718

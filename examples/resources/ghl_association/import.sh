# <association id> or key:<key>, with the prefix <location id>/ for a sub-account other than the provider's default.
# Percent-encode special characters in an id, but not in a key.

# By key
terraform import ghl_association.taught_by 'key:taught_by'

# By id
terraform import ghl_association.taught_by 68d2c5f0a1b2c3d4e5f60718

# In a sub-account other than the provider's default
terraform import ghl_association.taught_by 've9EPM428h8vShlRW1KT/key:taught_by'

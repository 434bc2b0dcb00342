# <association id>/<record id>. Percent-encode special characters in an id.
terraform import ghl_record_relations.students 68d2c5f0a1b2c3d4e5f60718/teacher-1

# In a sub-account other than the provider's default
terraform import ghl_record_relations.students ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718/teacher-1

# By the key of the association. In the key, write %2F for a slash and %25 for a percent sign.
terraform import ghl_record_relations.students key:taught_by/teacher-1

# Under an association of an object with itself, add the side of the record: /first or /second
# terraform import ghl_record_relations.mentees 68d2c5f0a1b2c3d4e5f60719/contact-1/first

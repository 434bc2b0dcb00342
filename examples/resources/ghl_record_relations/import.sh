# <association id>/<record id>, special characters in an id percent-encoded
terraform import ghl_record_relations.students 68d2c5f0a1b2c3d4e5f60718/teacher-1

# In a sub-account other than the provider's
terraform import ghl_record_relations.students ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718/teacher-1

# By the key of the association, with %2F for a slash in it and %25 for a percent sign
terraform import ghl_record_relations.students key:taught_by/teacher-1

# Under an association of an object with itself, add the side of the record: /first or /second
# terraform import ghl_record_relations.mentees 68d2c5f0a1b2c3d4e5f60719/contact-1/first

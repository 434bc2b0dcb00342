# <association id>/<record id>, with an odd character in an id percent-encoded
terraform import ghl_record_relations.students 68d2c5f0a1b2c3d4e5f60718/teacher-1

# In a sub-account other than the provider's
terraform import ghl_record_relations.students ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718/teacher-1

# By the association's key, with a slash written as %2F and a percent sign as %25
terraform import ghl_record_relations.students key:taught_by/teacher-1

# Under an association of an object with itself: the id ends in /first or /second, the record's side
# terraform import ghl_record_relations.mentees 68d2c5f0a1b2c3d4e5f60719/contact-1/first

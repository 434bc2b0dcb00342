# <association id>/<record id>, an odd character in an id percent-encoded
terraform import ghl_record_relations.students 68d2c5f0a1b2c3d4e5f60718/teacher-1

# In another sub-account than the provider's
terraform import ghl_record_relations.students ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718/teacher-1

# By the key of the association, a slash in it written as %2F and a percent sign as %25
terraform import ghl_record_relations.students key:taught_by/teacher-1

# Under an association of an object with itself: ends in /first or /second, the side of the record
# terraform import ghl_record_relations.mentees 68d2c5f0a1b2c3d4e5f60719/contact-1/first

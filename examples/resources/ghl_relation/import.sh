# <association id>/<first record id>/<second record id>, with an odd character in an id percent-encoded
terraform import ghl_relation.lesson 68d2c5f0a1b2c3d4e5f60718/student-1/teacher-1

# In a sub-account other than the provider's
terraform import ghl_relation.lesson ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718/student-1/teacher-1

# By the association's key, with a slash written as %2F and a percent sign as %25
terraform import ghl_relation.lesson key:taught_by/student-1/teacher-1

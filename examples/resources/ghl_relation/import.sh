# <association id>/<first record id>/<second record id>, a slash inside an id written as %2F
terraform import ghl_relation.lesson 68d2c5f0a1b2c3d4e5f60718/student-1/teacher-1

# In another sub-account than the provider's
terraform import ghl_relation.lesson ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718/student-1/teacher-1

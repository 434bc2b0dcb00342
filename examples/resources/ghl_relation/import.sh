# <association id>/<first record id>/<second record id>. Percent-encode special characters in an id.
terraform import ghl_relation.lesson 68d2c5f0a1b2c3d4e5f60718/student-1/teacher-1

# In a sub-account other than the provider's default
terraform import ghl_relation.lesson ve9EPM428h8vShlRW1KT/68d2c5f0a1b2c3d4e5f60718/student-1/teacher-1

# By the key of the association. In the key, write %2F for a slash and %25 for a percent sign.
terraform import ghl_relation.lesson key:taught_by/student-1/teacher-1

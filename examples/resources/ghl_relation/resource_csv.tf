# One relation for each row of lessons.csv, whose header is "student,teacher"
locals {
  lessons = { for row in csvdecode(file("lessons.csv")) : "${row.student} ${row.teacher}" => row }
}

resource "ghl_relation" "lessons" {
  for_each = local.lessons

  association_key  = "taught_by"
  first_record_id  = each.value.student
  second_record_id = each.value.teacher
}

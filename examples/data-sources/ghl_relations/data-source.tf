data "ghl_association" "taught_by" {
  key = "taught_by"
}

data "ghl_relations" "lessons" {
  record_id       = "student-1"
  association_ids = [data.ghl_association.taught_by.id]
}

output "teachers" {
  value = data.ghl_relations.lessons.relations[*].second_record_id
}

resource "ghl_custom_object" "pet" {
  key            = "pet"
  singular_label = "Pet"
  plural_label   = "Pets"
  description    = "Animals that our customers own"

  # The object's first field, which contains the name of each record
  primary_display_property = {
    key       = "name"
    name      = "Name"
    data_type = "TEXT"
  }

  # Deleting the object also deletes its fields, records, associations and relations.
  deletion_policy = "protect"
}

resource "ghl_association" "owner" {
  key                 = "pet_owner"
  first_object_key    = ghl_custom_object.pet.object_key
  first_object_label  = "Pet"
  second_object_key   = "contact"
  second_object_label = "Owner"
}

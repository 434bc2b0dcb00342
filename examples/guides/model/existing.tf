# The import ids of the parts of the model that already exist, by the keys of the resources.
data "ghl_objects" "all" {
  location_id = var.location_id
}

data "ghl_associations" "all" {
  location_id = var.location_id
}

data "ghl_custom_values" "all" {
  location_id = var.location_id
}

data "ghl_custom_fields" "of" {
  for_each = local.existing_objects

  location_id = var.location_id
  object_key  = "custom_objects.${each.key}"
}

locals {
  existing_objects = {
    for object in data.ghl_objects.all.objects : trimprefix(object.object_key, "custom_objects.") => object.import_id
    if can(local.objects[trimprefix(object.object_key, "custom_objects.")])
  }
}

output "existing" {
  description = "Import ids of what exists, by the keys of the resources."
  value = {
    objects      = local.existing_objects
    associations = { for a in data.ghl_associations.all.associations : a.key => a.import_id if can(local.associations[a.key]) }
    values       = { for v in data.ghl_custom_values.all.values : v.name => v.import_id if can(var.values[v.name]) }
    folders = merge([
      for object, of in data.ghl_custom_fields.of : {
        for folder in of.folders : object => folder.import_id if folder.name == local.objects[object].folder
      }
    ]...)
    fields = {
      for field in flatten(values(data.ghl_custom_fields.of)[*].fields) : trimprefix(field.field_key, "custom_objects.") => field.import_id
      if can(local.fields[trimprefix(field.field_key, "custom_objects.")])
    }
  }
}

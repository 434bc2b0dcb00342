data "ghl_objects" "all" {}

# The id for an import block of each custom object
output "import_ids" {
  value = { for object in data.ghl_objects.all.objects : object.object_key => object.import_id if !object.standard }
}

data "ghl_objects" "all" {}

# Import ids of the custom objects, for import blocks
output "import_ids" {
  value = { for object in data.ghl_objects.all.objects : object.object_key => object.import_id if !object.standard }
}

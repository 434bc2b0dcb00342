data "ghl_objects" "all" {}

# What an import block needs for each custom object
output "import_ids" {
  value = { for object in data.ghl_objects.all.objects : object.object_key => object.import_id if !object.standard }
}

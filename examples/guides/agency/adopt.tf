# Imports the associations that the sub-accounts already have, so that the apply does not
# try to create them. After the apply, you can remove this file.
data "ghl_associations" "present" {
  for_each    = setsubtract(var.locations, var.left_out)
  location_id = each.key
}

import {
  for_each = merge([
    for location, present in data.ghl_associations.present : {
      for association in present.associations : "${location}/${association.key}" => association.import_id
      if contains(keys(local.associations), "${location}/${association.key}")
    }
  ]...)

  to = ghl_association.all[each.key]
  id = each.value
}

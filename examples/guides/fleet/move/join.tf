# Imports the associations and relations of a sub-account that moves to another group. This
# file has effect only in the new group.
locals {
  joining = setintersection(var.locations, ["ojQjykmwNIU88vfsfzvH"])
}

import {
  for_each = {
    for pair in setproduct(local.joining, keys(var.associations)) : join("/", pair) => { location = pair[0], key = pair[1] }
  }

  to = module.location[each.value.location].ghl_association.all[each.value.key]
  id = "${each.value.location}/key:${each.value.key}"
}

import {
  for_each = merge([
    for location in local.joining : {
      for name, relation in lookup(var.relations, location, {}) : "${location}/${name}" => merge(relation, { location = location, name = name })
    }
  ]...)

  to = module.location[each.value.location].ghl_relation.all[each.value.name]
  id = "${each.value.location}/key:${each.value.association}/${each.value.first_record_id}/${each.value.second_record_id}"
}

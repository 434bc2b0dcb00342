import {
  to = ghl_association.taught_by
  id = "key:taught_by"
}

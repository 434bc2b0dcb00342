package store

import "github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"

// CustomValues returns the custom values of a sub-account.
func (s *Store) CustomValues(locationID string) *Named[ghl.CustomValue] {
	return s.account(locationID).customValues
}

func newCustomValues(a *account) *Named[ghl.CustomValue] {
	client := a.store.client
	rows := &collection[ghl.CustomValue]{
		account: a, kind: "custom value", id: func(row ghl.CustomValue) string { return row.ID },
		get: client.CustomValue, pages: client.CustomValuePages,
	}
	return newNamed(rows, namedCalls[ghl.CustomValue]{
		name:  func(row ghl.CustomValue) string { return row.Name },
		holds: func(row, wanted ghl.CustomValue) bool { return ghl.SameText(row.Value, wanted.Value) },
		stores: func(row, wanted ghl.CustomValue) bool {
			return ghl.SameText(row.Name, wanted.Name) && ghl.SameText(row.Value, wanted.Value)
		},
		post:   client.CreateCustomValue,
		put:    client.UpdateCustomValue,
		remove: client.DeleteCustomValue,
	})
}

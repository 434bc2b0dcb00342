package sandbox

// platformRows lists the associations of a new sub-account. The key of a system-defined association is also its id. The sides of
// the first association are not in ascending order, unlike in associations of clients. The platform also creates the last two
// associations, although their type is USER_DEFINED.
var platformRows = []Association{
	{
		ID: "OPPORTUNITIES_CONTACTS_ASSOCIATION", Key: "OPPORTUNITIES_CONTACTS_ASSOCIATION", AssociationType: SystemDefined,
		FirstObjectKey: "opportunity", FirstObjectLabel: "Opportunity", SecondObjectKey: "contact", SecondObjectLabel: "Contact",
	},
	{
		ID: "BUSINESSES_CONTACTS_ASSOCIATION", Key: "BUSINESSES_CONTACTS_ASSOCIATION", AssociationType: SystemDefined,
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "contact", SecondObjectLabel: "Contact",
	},
	{
		Key: "BUSINESSES_OPPORTUNITIES_ASSOCIATION", AssociationType: UserDefined,
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "opportunity", SecondObjectLabel: "Opportunity",
	},
	{
		Key: "OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION", AssociationType: UserDefined,
		FirstObjectKey: "opportunity", FirstObjectLabel: "Opportunity", SecondObjectKey: "contact", SecondObjectLabel: "Contact",
	},
}

func (s *Sandbox) addPlatformRows(account *subAccount) {
	for _, row := range platformRows {
		row.LocationID = account.id
		if row.ID == "" {
			row.ID = s.newID()
		}
		account.addAssociation(row).platform = true
	}
}

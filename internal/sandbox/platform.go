package sandbox

// platformRows are what a fresh sub-account holds. System-defined rows have their key as id; the last one is made by the
// platform too, although its type says otherwise.
var platformRows = []Association{
	{
		ID: "OPPORTUNITIES_CONTACTS_ASSOCIATION", Key: "OPPORTUNITIES_CONTACTS_ASSOCIATION", AssociationType: SystemDefined,
		FirstObjectKey: "contact", FirstObjectLabel: "Contact", SecondObjectKey: "opportunity", SecondObjectLabel: "Opportunity",
	},
	{
		ID: "BUSINESS_CONTACTS_ASSOCIATION", Key: "BUSINESS_CONTACTS_ASSOCIATION", AssociationType: SystemDefined,
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "contact", SecondObjectLabel: "Contact",
	},
	{
		ID: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION", Key: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION", AssociationType: SystemDefined,
		FirstObjectKey: "custom_objects.properties", FirstObjectLabel: "Properties", SecondObjectKey: "task", SecondObjectLabel: "Task",
	},
	{
		Key: "BUSINESS_OPPORTUNITIES_ASSOCIATION", AssociationType: UserDefined,
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "opportunity", SecondObjectLabel: "Opportunity",
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

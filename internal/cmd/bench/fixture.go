package main

import (
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	account, token       = "bench", "pit-bench"
	company, agencyToken = "bench-company", "agency-bench"
)

// newSandbox starts a sandbox with the sub-accounts of a shape, and returns the environment that points the provider at it.
func newSandbox(s shape) (api *sandbox.Sandbox, locations []sandbox.Location, environment []string) {
	o := sandbox.Options{RateLimit: s.limit, Locations: []sandbox.Location{{ID: account, Token: token}}}
	environment = []string{"GHL_ACCESS_TOKEN=" + token}
	if s.subAccounts > 0 {
		o.Agencies, o.Locations = []sandbox.Agency{{CompanyID: company, Token: agencyToken}}, nil
		environment = []string{"GHL_COMPANY_ID=" + company, "GHL_AGENCY_ACCESS_TOKEN=" + agencyToken}
	}
	for i := range s.subAccounts {
		o.Locations = append(o.Locations, sandbox.Location{ID: fmt.Sprintf("%s-%03d", account, i), CompanyID: company})
	}
	if s.expired {
		environment = append(environment, "GHL_AGENCY_ACCESS_TOKEN=expired-bench")
	}
	if s.dead {
		environment = append(environment, "GHL_ON_UNREACHABLE_LOCATION=warn")
	}
	if s.isPlan() || s.limit == plenty { // without a rate limit, because the waits that a limit adds can be computed
		o.RateLimit.Unlimited = true
		environment = append(environment, "GHL_REQUESTS_PER_10_SECONDS=1000000")
	}
	api = sandbox.New(o)
	if s.dead {
		api.SetInstalled(o.Locations[s.subAccounts-1].ID, false)
	}
	return api, o.Locations, append(environment, "GHL_BASE_URL="+api.Start())
}

// populate adds the objects that a plan reads. An apply creates its objects itself. populate returns the managed objects.
func populate(api *sandbox.Sandbox, locations []sandbox.Location, s shape) []resource {
	var associations, relations []object
	for _, l := range locations {
		kinds := middle(max(1, s.associations), s.otherAssociations, func(i int) object {
			a := sandbox.Association{
				LocationID: l.ID, Key: fmt.Sprint("key_", i),
				FirstObjectKey: "business", FirstObjectLabel: fmt.Sprint("Firm ", i),
				SecondObjectKey: "contact", SecondObjectLabel: fmt.Sprint("Person ", i),
			}
			if s.isPlan() || s.associations == 0 {
				a = api.AddAssociation(a)
			}
			return object{
				"id": a.ID, "location_id": l.ID, "key": a.Key, "association_type": a.AssociationType,
				"first_object_key": a.FirstObjectKey, "first_object_label": a.FirstObjectLabel, "platform_made": false,
				"second_object_key": a.SecondObjectKey, "second_object_label": a.SecondObjectLabel, "deletion_protection": false,
			}
		})
		from := len(relations) // each sub-account continues the layout of the previous one
		relations = append(relations, middle(s.relations, s.otherRelations, func(i int) object {
			company, contact := s.layout(from + i)
			r := sandbox.Relation{
				LocationID: l.ID, AssociationID: fmt.Sprint(kinds[i%len(kinds)]["id"]),
				FirstRecordID: fmt.Sprint("business-", company), SecondRecordID: fmt.Sprint("contact-", contact),
			}
			if s.isPlan() {
				r = api.AddRelation(r)
			}
			return object{
				"id": r.ID, "location_id": l.ID, "association_id": r.AssociationID,
				"first_record_id": r.FirstRecordID, "first_object_key": r.FirstObjectKey,
				"second_record_id": r.SecondRecordID, "second_object_key": r.SecondObjectKey,
			}
		})...)
		associations = append(associations, kinds[:s.associations]...)
	}
	if s.asOne {
		return []resource{{"ghl_record_relations", []object{ofFirstCompany(relations)}, []string{"location_id", "association_id", "record_id", "related_record_ids"}}}
	}
	return []resource{
		{"ghl_association", associations, []string{
			"location_id", "key", "first_object_key", "first_object_label", "second_object_key", "second_object_label",
		}},
		{"ghl_relation", relations, []string{"location_id", "association_id", "first_record_id", "second_record_id"}},
	}
}

// ofFirstCompany returns one resource with all relations of the first company.
func ofFirstCompany(relations []object) object {
	first, related := relations[0], []string{}
	for _, r := range relations {
		related = append(related, fmt.Sprint(r["second_record_id"]))
	}
	return object{
		"id": fmt.Sprintf("%s/%s", first["association_id"], first["first_record_id"]), "location_id": first["location_id"],
		"association_id": first["association_id"], "record_id": first["first_record_id"], "related_record_ids": related,
	}
}

// middle adds rows and returns the managed rows. The managed rows are in the middle, so they are neither on the first page nor on
// the last.
func middle(managed, others int, plant func(i int) object) (rows []object) {
	for i := range managed + others {
		rows = append(rows, plant(i))
	}
	return rows[others/2:][:managed]
}

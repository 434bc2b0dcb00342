package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The identity of an imported relation has its records in the stored order, whichever order the import id has.
func TestAccRelation_identityOfTheOtherOrder(t *testing.T) {
	a := newSandboxAccount(t)
	work := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("work"),
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "custom_objects.projects", SecondObjectLabel: "Project",
	})
	a.kept = append(a.kept, work.Key)
	a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: work.ID, FirstRecordID: "business-1", SecondRecordID: "projects-2"})
	const address = "ghl_relation.job"
	a.run(resource.TestStep{
		Config: a.provider() + relation("job", quoted(work.ID), "projects-2", "business-1") + importBlock(address, work.ID+"/projects-2/business-1"),
		Check:  a.wrote(),
		ConfigStateChecks: append(ifIdentity(
			statecheck.ExpectIdentityValue(address, tfjsonpath.New("first_record_id"), knownvalue.StringExact("business-1")),
			statecheck.ExpectIdentityValue(address, tfjsonpath.New("second_record_id"), knownvalue.StringExact("projects-2")),
		), attribute(address, "first_record_id", "projects-2")),
	})
}

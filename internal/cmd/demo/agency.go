package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	companyID   = "demo-agency"
	agencyToken = "oauth-demo-agency" //nolint:gosec // only the sandbox accepts it
)

// schools are the sub-accounts that the agency starts with.
var schools = []string{"demo-east", "demo-north", "demo-west"}

// manageAgency starts over in a new folder, with only an agency's token.
func (d *demo) manageAgency(ctx context.Context) error {
	d.folder = filepath.Join(filepath.Dir(d.folder), "agency")
	if err := os.Mkdir(d.folder, 0o700); err != nil {
		return err
	}
	d.api.AddAgency(sandbox.Agency{CompanyID: companyID, AppID: "demo-app", Token: agencyToken})
	for _, id := range schools {
		d.api.AddLocation(sandbox.Location{ID: id, CompanyID: companyID})
	}
	d.engine = d.engine.With("GHL_ACCESS_TOKEN=", "GHL_LOCATION_ID=", "GHL_AGENCY_ACCESS_TOKEN="+agencyToken, "GHL_COMPANY_ID="+companyID)
	if err := d.write("agency.tf"); err != nil {
		return err
	}
	if err := d.terraform(ctx, "Apply complete! Resources: 6 added, 0 changed, 0 destroyed.", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.wrote("plan and apply each exchanged the agency's token once per school; each association was created once", map[string]int{
		sandbox.RouteExchange:          6,
		sandbox.RouteCreateAssociation: 6,
	}); err != nil {
		return err
	}
	return d.schoolsHold("every school has the same associations", schools)
}

func (d *demo) schoolJoins(ctx context.Context) error {
	d.api.AddLocation(sandbox.Location{ID: "demo-south", CompanyID: companyID})
	if err := d.terraform(ctx, "No changes.", "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	const warning = "Not managed yet: demo-south."
	if !strings.Contains(d.output, warning) {
		return fmt.Errorf("the plan should have shown the warning %q, but printed:\n%s", warning, d.output)
	}
	d.proven("the plan warns: " + warning)
	return d.wrote("the agency's token was exchanged only for the three managed schools", map[string]int{sandbox.RouteExchange: 3})
}

func (d *demo) manageSchool(ctx context.Context) error {
	if err := d.edit("agency.tf", `schools = ["demo-east", "demo-north", "demo-west"]`, `schools = ["demo-east", "demo-north", "demo-south", "demo-west"]`); err != nil {
		return err
	}
	if err := d.terraform(ctx, "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.schoolsHold("the new school has the same associations as the others", append(schools, "demo-south")); err != nil {
		return err
	}
	if err := d.terraform(ctx, "No changes.", "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	if strings.Contains(d.output, "Not managed yet") {
		return fmt.Errorf("the plan should no longer warn, but printed:\n%s", d.output)
	}
	d.proven("the plan no longer warns")
	return nil
}

// schoolsHold checks the associations of the agency's schools.
func (d *demo) schoolsHold(statement string, ids []string) error {
	var want, have []string
	for _, id := range ids {
		want = append(want, id+" mentor_of: contact (Mentor), contact (Mentee)", id+" parent_of: contact (Parent), contact (Child)")
		for _, row := range d.associationsOf(id) {
			have = append(have, id+" "+row)
		}
	}
	return d.holds(statement, want, have)
}

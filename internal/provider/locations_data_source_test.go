package provider

import (
	"fmt"
	"slices"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// newLargeAgency returns a sandbox with an agency of 130 sub-accounts, and a client with the token of the agency. The app is
// missing in every tenth sub-account.
func newLargeAgency(t *testing.T, quirks sandbox.Quirks) (*sandbox.Sandbox, *ghl.Client) {
	t.Helper()
	options := sandbox.Options{Quirks: quirks, RateLimit: sandbox.RateLimit{Unlimited: true}, Agencies: []sandbox.Agency{{CompanyID: "company", AppID: "app", Token: "agency"}}}
	for i := range 130 {
		options.Locations = append(options.Locations, sandbox.Location{ID: fmt.Sprintf("loc-%03d", i), CompanyID: "company", NoApp: i%10 == 3})
	}
	s := sandbox.New(options)
	t.Cleanup(s.Close)
	client, err := ghl.New(ghl.Config{BaseURL: s.Start(), AgencyAccessToken: "agency", CompanyID: "company", UserAgent: "test", Clock: ghl.SystemClock()})
	if err != nil {
		t.Fatal(err)
	}
	return s, client
}

// Every sub-account with the app is listed, whatever the size of the pages, and whether the count covers only these or all
// sub-accounts of the company.
func TestInstalledLocations(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]sandbox.Quirks{
		"plain": {}, "without a count": {NoTotal: true}, "with the company's": {CompanyCount: true}, "in small pages": {PageCap: 7}, "with unknown fields": {UnknownFields: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := newLargeAgency(t, quirks)
			rows, err := installedLocations(t.Context(), client, "app", "")
			var got, want []string
			for _, row := range rows {
				got = append(got, row.ID)
			}
			for i := range 130 {
				if i%10 != 3 {
					want = append(want, fmt.Sprintf("loc-%03d", i))
				}
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// If a list is short, repeated, truncated or malformed, the read fails, and returns no sub-accounts.
func TestInstalledLocations_notWhole(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"short": {Effect: sandbox.ShrinkPage(1)}, "short at the first": {Effect: sandbox.SkipRows(1)}, "repeated without end": {Effect: sandbox.SkipRows(-1_000_000)},
		"truncated": {Effect: sandbox.HalfJSON(true)}, "a malformed row": {Effect: sandbox.MalformedItem()}, "a count that is higher": {Effect: sandbox.LyingTotal(1)},
		"HTML": {Effect: sandbox.OKHTML()}, "empty": {Effect: sandbox.OKEmpty()}, "refused": {Effect: sandbox.Status(403), After: 1},
	} {
		for _, noTotal := range []bool{false, true} {
			if noTotal && slices.Contains([]string{"short", "short at the first", "a count that is higher"}, name) {
				continue // without a count, the missing rows cannot be detected
			}
			t.Run(fmt.Sprint(name, noTotal), func(t *testing.T) {
				t.Parallel()
				s, client := newLargeAgency(t, sandbox.Quirks{NoTotal: noTotal})
				s.AddFault(fault)
				if rows, err := installedLocations(t.Context(), client, "app", ""); err == nil || rows != nil {
					t.Errorf("got %d sub-accounts, %v", len(rows), err)
				}
			})
		}
	}
}

package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	agencyCompany = "company-1"
	agencyApp     = "app-1"
	setSize       = 5
)

// managedLocations is the number of sub-accounts with the set of associations. One more
// sub-account is left out.
var managedLocations = sized(12, 60)

// agency is an agency with managedLocations+1 sub-accounts, and an engine that runs the
// example module. All credentials are in the environment.
type agency struct {
	*engine
	sandbox *sandbox.Sandbox
	token   string
}

// agencyLocation returns the id of the i-th sub-account, counting from 1.
func agencyLocation(i int) string { return fmt.Sprintf("loc-%02d", i) }

// leftOut is the sub-account that is not managed. The sub-account overridden has its own
// labels.
var leftOut, overridden = agencyLocation(managedLocations + 1), agencyLocation(2)

func newAgency(t *testing.T) *agency {
	t.Helper()
	token := "agency-" + canary + "-" + randomText(8)
	a := newSandboxAccount(t, func(o *sandbox.Options) {
		o.Agencies = []sandbox.Agency{{CompanyID: agencyCompany, AppID: agencyApp, Token: token, ExchangedPrefix: "exchanged-" + canary}}
		o.Locations = nil
		for i := range managedLocations + 1 {
			o.Locations = append(o.Locations, sandbox.Location{ID: agencyLocation(i + 1), CompanyID: agencyCompany})
		}
	})
	e := a.engine("")
	delete(e.env, "GHL_ACCESS_TOKEN")
	delete(e.env, "GHL_LOCATION_ID")
	e.env["GHL_AGENCY_ACCESS_TOKEN"] = token
	e.env["GHL_COMPANY_ID"] = agencyCompany
	for _, name := range []string{"main.tf", "variables.tf", "check.tf"} {
		e.write(name, example(t, "guides", "agency", name))
	}
	g := &agency{engine: e, sandbox: a.sandbox, token: token}
	g.manage(nil)
	return g
}

// manage writes the values of the module's variables. The function change may modify them
// first.
func (g *agency) manage(change func(variables map[string]any)) {
	g.t.Helper()
	var locations []string
	for i := range managedLocations {
		locations = append(locations, agencyLocation(i+1))
	}
	associations := map[string]map[string]string{}
	for i := range setSize {
		associations[fmt.Sprintf("kind_%d", i)] = map[string]string{
			"first_object_key": "business", "first_object_label": fmt.Sprintf("Firm %d", i),
			"second_object_key": "contact", "second_object_label": fmt.Sprintf("Person %d", i),
		}
	}
	variables := map[string]any{
		"app_id": agencyApp, "locations": locations, "left_out": []string{leftOut}, "associations": associations,
		"labels": map[string]any{overridden: map[string]any{"kind_1": map[string]string{"first_object_label": "Shop", "second_object_label": "Customer"}}},
	}
	if change != nil {
		change(variables)
	}
	encoded, err := json.Marshal(variables)
	if err != nil {
		g.t.Fatal(err)
	}
	g.write("terraform.tfvars.json", string(encoded))
}

// holds checks that a sub-account contains exactly the set of associations.
func (g *agency) holds(locationID string) {
	g.t.Helper()
	var want, got []string
	for i := range setSize {
		first, second := fmt.Sprintf("Firm %d", i), fmt.Sprintf("Person %d", i)
		if locationID == overridden && i == 1 {
			first, second = "Shop", "Customer"
		}
		want = append(want, fmt.Sprintf("kind_%d business %s contact %s", i, first, second))
	}
	for _, row := range g.sandbox.Associations(locationID) {
		got = append(got, strings.Join([]string{row.Key, row.FirstObjectKey, row.FirstObjectLabel, row.SecondObjectKey, row.SecondObjectLabel}, " "))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		g.t.Errorf("%s holds %q, want %q", locationID, got, want)
	}
}

// cost checks that a command made at most mostEach requests for each sub-account, and
// mostInAll in total. Both exclude one token exchange for each sub-account, and two lists
// of the agency.
func (g *agency) cost(what string, mostEach, mostInAll int) {
	g.t.Helper()
	exchanged, others, all, lists := map[string]int{}, map[string]int{}, 0, 0
	for _, r := range g.sandbox.Requests() {
		switch r.Route {
		case sandbox.RouteExchange:
			exchanged[r.LocationID]++
		case sandbox.RouteInstalledLocations:
			lists++
		default:
			others[r.LocationID]++
			all++
		}
		if r.Status == 429 || r.Status == 401 {
			g.t.Errorf("%s: %s %s got the answer %d", what, r.Method, r.Path, r.Status)
		}
	}
	for i := range managedLocations {
		id := agencyLocation(i + 1)
		if exchanged[id] != min(mostEach, 1) || others[id] > mostEach {
			g.t.Errorf("%s: %d exchanges and %d other requests for %s, want %d and at most %d", what, exchanged[id], others[id], id, min(mostEach, 1), mostEach)
		}
	}
	if exchanged[leftOut]+others[leftOut] > 0 {
		g.t.Errorf("%s: %d requests for the unmanaged sub-account", what, exchanged[leftOut]+others[leftOut])
	}
	if all > mostInAll || lists > 2 { // one page with rows, and an empty page that shows that the list is complete
		g.t.Errorf("%s: %d requests, want at most %d; %d lists of the agency, want at most 2", what, all, mostInAll, lists)
	}
	g.t.Logf("%s: %d requests, %d exchanges, %d lists of the agency", what, all, len(exchanged), lists)
}

// elsewhere moves the working directory, as if one machine plans and another applies.
func (g *agency) elsewhere() {
	g.t.Helper()
	before := g.dir
	g.dir = filepath.Join(g.t.TempDir(), "elsewhere")
	if err := os.CopyFS(g.dir, os.DirFS(before)); err != nil {
		g.t.Fatal(err)
	}
	if err := os.RemoveAll(before); err != nil {
		g.t.Fatal(err)
	}
}

// resources returns the addresses of the associations in the state.
func (g *agency) resources() []string {
	g.t.Helper()
	output := g.succeeds("state", "list")
	var found []string
	for address := range strings.FieldsSeq(output) {
		if strings.HasPrefix(address, "ghl_association.all[") {
			found = append(found, address)
		}
	}
	return found
}

// removeFromState removes a sub-account's set from the state.
func (g *agency) removeFromState(locationID string) {
	g.t.Helper()
	command := []string{"state", "rm"}
	for i := range setSize {
		command = append(command, fmt.Sprintf(`ghl_association.all["%s/kind_%d"]`, locationID, i))
	}
	g.succeeds(command...)
}

// failsFor runs a command that must fail with errors about exactly the given sub-accounts,
// and returns its output.
func (g *agency) failsFor(locations []string, arguments ...string) string {
	g.t.Helper()
	output := g.fails(arguments...)
	named := map[string]bool{}
	for _, id := range regexp.MustCompile(`\bloc-[0-9][0-9]\b`).FindAllString(output[strings.Index(output, "Error:"):], -1) {
		named[id] = true
	}
	if got := slices.Sorted(maps.Keys(named)); !slices.Equal(got, locations) {
		g.t.Errorf("%s: errors about %v, want %v\n%s", strings.Join(arguments, " "), got, locations, output)
	}
	return output
}

// exchanges counts the token exchanges since its last call.
func (g *agency) exchanges() (n int) {
	g.t.Helper()
	for _, r := range g.sandbox.Requests() {
		if r.Route == sandbox.RouteExchange {
			n++
		}
	}
	g.sandbox.ResetRequests()
	return n
}

// With a token cache, an apply exchanges no tokens that its plan has already exchanged. No
// file contains a readable token.
func TestAccAgency_tokenCache(t *testing.T) {
	g := newAgency(t)
	cache := filepath.Join(g.dir, "tokens")
	g.env["GHL_TOKEN_CACHE"] = cache
	for i, command := range [][]string{{"plan", "-no-color", "-out=saved.tfplan"}, {"apply", "-no-color", "saved.tfplan"}, planCommand} {
		g.succeeds(command...)
		if n, want := g.exchanges(), []int{managedLocations, 0, 0}[i]; n != want {
			t.Errorf("%s: %d exchanges, want %d", command[0], n, want)
		}
	}
	for i := range managedLocations {
		g.holds(agencyLocation(i + 1))
	}
	g.revealsNothing(map[string]string{"saved.tfplan!tfplan": "ghl_association", "tokens": "token cache 1"})

	g.sandbox.RevokeExchangedTokens(overridden)
	g.plansNothing()
	if n := g.exchanges(); n != 1 {
		t.Errorf("%d exchanges after one token was revoked, want 1", n)
	}
	if err := os.Chmod(cache, 0o640); err != nil {
		t.Fatal(err)
	}
	says(t, g.fails(planCommand...), "Unable to Configure Provider", "Correct token_cache (or GHL_TOKEN_CACHE): invalid token cache: other users can access", "(mode 0640): remove the file, or run chmod 600 on it.")
	if n := len(g.sandbox.Requests()); n != 0 {
		t.Errorf("%d requests with a cache that others can access", n)
	}
}

var planCommand = []string{"plan", "-no-color", "-detailed-exitcode"}

// One provider block manages five associations in each of many sub-accounts. The plan and
// the apply run in different directories, as in a remote run.
func TestAccAgency(t *testing.T) {
	g := newAgency(t)
	g.env["HOME"] = filepath.Join(os.DevNull, "home") // nothing can be written there
	g.succeeds("plan", "-no-color", "-out=saved.tfplan")
	g.cost("plan of all", 2, managedLocations*2)
	g.elsewhere()
	g.sandbox.ResetRequests()
	says(t, g.succeeds("apply", "-no-color", "saved.tfplan"), fmt.Sprintf("%d added, 0 changed, 0 destroyed", managedLocations*setSize))
	g.revealsNothing(map[string]string{"saved.tfplan!tfplan": "ghl_association"})
	for i := range managedLocations {
		g.holds(agencyLocation(i + 1))
	}
	if rows := g.sandbox.Associations(leftOut); len(rows) > 0 {
		t.Errorf("the unmanaged sub-account contains %v", rows)
	}
	g.cost("apply", 5+setSize, managedLocations*(4+setSize)) // each create first looks for existing objects, usually with three calls
	g.sandbox.ResetRequests()
	g.plansNothing()
	g.cost("plan", 3, managedLocations*5/2)

	// The check block reports new and missing sub-accounts. A sub-account that is missing from
	// the agency's list is not destroyed.
	g.sandbox.AddLocation(sandbox.Location{ID: "loc-new", CompanyID: agencyCompany})
	g.sandbox.SetInstalled(agencyLocation(3), false)
	g.env["GHL_LOCATION_ACCESS_TOKENS"] = fmt.Sprintf(`{%q:%q}`, agencyLocation(3), "pit-"+canary+"-three")
	g.sandbox.SetToken(agencyLocation(3), "pit-"+canary+"-three")
	output, code := g.run(planCommand...)
	if code != exitEmpty {
		t.Errorf("exit code %d, want an empty plan\n%s", code, output)
	}
	says(t, output, "New sub-accounts, in neither var.locations nor var.left_out: loc-new.", "but no longer in the agency, or without the app: loc-03.")
	g.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteInstalledLocations, Effect: sandbox.ShrinkPage(1)})
	says(t, g.fails(planCommand...), "Unable to Read Locations", "is incomplete")
	g.sandbox.ClearFaults()

	// Before a sub-account leaves the set, its associations must be removed from the state.
	gone := agencyLocation(4)
	g.manage(func(v map[string]any) { v["left_out"] = []string{leftOut, gone} })
	says(t, g.fails(planCommand...), "deletion_protection", `ghl_association.all["loc-04/kind_0"]`)
	g.removeFromState(gone)
	g.plansNothing()
	g.holds(gone)
}

// If the token of one sub-account is refused, or the sub-account has left the agency, only
// its own resources fail. This holds for the first apply and for later plans. No resource
// is removed from the state.
func TestAccAgency_refused(t *testing.T) {
	g := newAgency(t)
	refused, left := agencyLocation(7), agencyLocation(8)
	g.sandbox.SetInstalled(refused, false)
	says(t, g.failsFor([]string{refused}, applyCommand...), "Unable to Create Association", `no token for sub-account "loc-07"`, "not installed", "400")
	if n := len(g.resources()); n != (managedLocations-1)*setSize {
		t.Errorf("%d resources in state, want those of the other sub-accounts", n)
	}
	g.holds(agencyLocation(6))
	g.sandbox.SetInstalled(refused, true)
	says(t, g.succeeds(applyCommand...), "5 added, 0 changed, 0 destroyed")
	all := g.resources()
	if len(all) != managedLocations*setSize {
		t.Errorf("%d resources in state, want %d", len(all), managedLocations*setSize)
	}

	state := g.read("terraform.tfstate")
	g.sandbox.AddFault(sandbox.Fault{LocationID: refused, Method: http.MethodGet, Effect: sandbox.StatusMessage(401, "Invalid JWT")})
	g.sandbox.ResetRequests()
	output := g.failsFor([]string{refused}, planCommand...)
	says(t, output, "Unable to Read Association", `accepted neither the token of sub-account "loc-07"`, "nor a new one", "401", "state is unchanged")
	if n := strings.Count(output, "Unable to Read Association"); n != setSize {
		t.Errorf("%d errors, want one for each of the sub-account's %d associations", n, setSize)
	}
	exchanges := 0
	for _, r := range g.sandbox.Requests() {
		if r.Route == sandbox.RouteExchange && r.LocationID == refused {
			exchanges++
		}
	}
	if exchanges != 2 {
		t.Errorf("%d exchanges for the sub-account whose tokens are refused, want two: the first and a renewal", exchanges)
	}
	g.failsFor([]string{refused}, applyCommand...)

	// The ways round.
	g.succeeds("plan", "-no-color", "-detailed-exitcode", "-refresh=false")
	g.succeeds("plan", "-no-color", "-detailed-exitcode", `-target=ghl_association.all["loc-06/kind_0"]`)
	if now := g.read("terraform.tfstate"); now != state {
		t.Error("the state has changed")
	}
	g.sandbox.ClearFaults()

	g.sandbox.LeaveAgency(left)
	output = g.failsFor([]string{left}, planCommand...)
	says(t, output, "Unable to Read Association", `no token for sub-account "loc-08"`, "left the agency", "404", "state is unchanged", "state rm")
	g.failsFor([]string{left}, applyCommand...)
	if now := g.read("terraform.tfstate"); now != state {
		t.Error("the state has changed")
	}
	g.removeFromState(left)
	g.manage(func(v map[string]any) { v["left_out"] = []string{leftOut, left} })
	g.plansNothing()
}

// The module takes over an agency in which a third of the sub-accounts already contain part
// of the set.
func TestAccAgency_adopt(t *testing.T) {
	needsManyImports(t)
	g := newAgency(t)
	partly, held := managedLocations/3, 0
	for i := range partly {
		for j := range 1 + i%4 {
			row := sandbox.Association{
				LocationID: agencyLocation(i + 1), Key: fmt.Sprintf("kind_%d", j),
				FirstObjectKey: "business", FirstObjectLabel: fmt.Sprintf("Firm %d", j), SecondObjectKey: "contact", SecondObjectLabel: fmt.Sprintf("Person %d", j),
			}
			if i == 3 && j == 0 {
				row.FirstObjectLabel = "Old"
			}
			g.sandbox.AddAssociation(row)
			held++
		}
		g.sandbox.AddAssociation(sandbox.Association{
			LocationID: agencyLocation(i + 1), Key: "of_their_own", FirstObjectKey: "contact", FirstObjectLabel: "A", SecondObjectKey: "contact", SecondObjectLabel: "B",
		})
	}
	g.write("adopt.tf", example(t, "guides", "agency", "adopt.tf"))
	added := managedLocations*setSize - held
	// Every imported association changes, since the apply sets its protection.
	says(t, g.succeeds(applyCommand...), fmt.Sprintf("%d imported, %d added, %d changed, 0 destroyed", held, added, held))
	g.plansNothing()
	posts, puts := 0, []string{}
	for _, r := range g.sandbox.Requests() {
		switch r.Route {
		case sandbox.RouteCreateAssociation:
			posts++
		case sandbox.RouteUpdateAssociation:
			puts = append(puts, r.LocationID)
		}
	}
	if posts != added || len(puts) != 2 || !slices.Contains(puts, overridden) || !slices.Contains(puts, agencyLocation(4)) {
		t.Errorf("%d creates, want %d; labels were updated in %v, want the two sub-accounts whose labels differed", posts, added, puts)
	}
	for i := range partly {
		if rows := g.sandbox.Associations(agencyLocation(i + 1)); len(rows) != setSize+1 {
			t.Errorf("%s contains %d associations, want the set and its own association", agencyLocation(i+1), len(rows))
		}
	}
	if err := os.Remove(filepath.Join(g.dir, "adopt.tf")); err != nil {
		t.Fatal(err)
	}
	g.plansNothing()
}

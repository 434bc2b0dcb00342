package hostile_test

import (
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	home      = "subaccountHome"
	elsewhere = "subaccountElsewhere"
	company   = "companyOfBoth"
	app       = "appOfCompany"

	// Every foreign row contains this word, and no other row does.
	foreign = "foreign"

	// Tokens that are obviously made up. No two of these tokens share twelve consecutive characters.
	homeToken      = "Qhome0000-not-a-token-1111"
	elsewhereToken = "Xelse2222-not-a-token-3333"
	agencyToken    = "Zagen4444-not-a-token-5555"
	mintedToken    = "Jmint6666-not-a-token-7777"
	exchangePrefix = "Wboug8888-not-a-token-9999"
)

// world is the server side of an entry: a sub-account with two associations and a relation, and another sub-account,
// which no request may reach.
type world struct {
	sandbox   *sandbox.Sandbox
	mentor    sandbox.Association
	friend    sandbox.Association
	relation  sandbox.Relation
	strangers []string // texts that appear only in rows of the other sub-account
}

func newWorld() *world {
	w := &world{sandbox: sandbox.New(sandbox.Options{
		Agencies: []sandbox.Agency{{CompanyID: company, AppID: app, Token: agencyToken, ExchangedPrefix: exchangePrefix}},
		Locations: []sandbox.Location{
			{ID: elsewhere, Token: elsewhereToken, CompanyID: company},
			{ID: home, Token: homeToken, CompanyID: company},
		},
	})}
	add := func(location, key, first, second string) sandbox.Association {
		return w.sandbox.AddAssociation(sandbox.Association{
			LocationID: location, Key: key, FirstObjectKey: "contact", FirstObjectLabel: first, SecondObjectKey: "contact", SecondObjectLabel: second,
		})
	}
	for _, record := range []string{"record-one", "record-two", "record-three"} {
		w.sandbox.AddRecord(home, record, "contact")
		w.sandbox.AddRecord(elsewhere, record, "contact")
	}
	for _, location := range []string{home, elsewhere} {
		w.sandbox.Objects().Add(sandbox.Object{LocationID: location, Key: "custom_objects.property", PrimaryDisplayProperty: "custom_objects.property.number"})
	}
	w.sandbox.AddRecord(home, "record-four", "custom_objects.property", map[string]any{"number": "P-100"})
	w.sandbox.AddRecord(home, "record-five", "contact", map[string]any{"email": "ann@example.com"})
	other := add(elsewhere, "mentor", "foreign label", "foreign other label")
	link := w.sandbox.AddRelation(sandbox.Relation{
		LocationID: elsewhere, AssociationID: other.ID, FirstRecordID: "record-one", SecondRecordID: "record-two",
	})
	w.strangers = []string{other.ID, link.ID, elsewhere, foreign}
	w.mentor = add(home, "mentor", "Mentor", "Mentee")
	w.friend = add(home, "friend", "Friend", "Friend of")
	w.relation = w.sandbox.AddRelation(sandbox.Relation{
		LocationID: home, AssociationID: w.friend.ID, FirstRecordID: "record-one", SecondRecordID: "record-two",
	})
	return w
}

// holdsMentor reports whether the association that the tests delete still exists.
func (w *world) holdsMentor() bool {
	return slices.ContainsFunc(w.sandbox.Associations(home), func(a sandbox.Association) bool { return a.ID == w.mentor.ID })
}

// fill replaces the placeholders in an answer or an input.
func (w *world) fill(text string) string {
	return strings.NewReplacer(
		"{MENTOR}", w.mentor.ID, "{FRIEND}", w.friend.ID, "{RELATION}", w.relation.ID,
		"{HOME}", home, "{ELSEWHERE}", elsewhere,
		"{STRANGER}", w.strangers[0], "{STRANGE RELATION}", w.strangers[1],
		"{TOKEN}", homeToken, "{AGENCY TOKEN}", agencyToken, "{MINTED}", mintedToken,
	).Replace(text)
}

// tokens are the tokens that no text may contain.
var tokens = []string{homeToken, elsewhereToken, agencyToken, mintedToken, exchangePrefix}

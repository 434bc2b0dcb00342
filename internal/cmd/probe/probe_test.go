package main

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Canaries: texts that must not appear in a report or a recording.
const (
	canaryToken    = "pit-c4n4ry-s3cr3t-t0k3n"
	canaryAgency   = "c4n4ry-agency-t0k3n"
	canaryExchange = "c4n4ry-exchange-t0k3n"
	canaryLocation = "LocationOfCanary7"
	canaryCompany  = "CompanyOfCanary7"
	canaryApp      = "AppOfCanary7"
	canaryName     = "Wilhelmina Canary"
)

var (
	canaryContacts    = []string{"ContactCanaryA1", "ContactCanaryB2", "ContactCanaryC3", "ContactCanaryD4", "ContactCanaryE5", "ContactCanaryF6"}
	canaryOpportunity = "OpportunityCanary1"
)

// newSandbox returns a sandbox with a sub-account that has six contacts. The first contact has an opportunity. The agency has a
// second sub-account without the app.
func newSandbox(q sandbox.Quirks) *sandbox.Sandbox {
	s := sandbox.New(sandbox.Options{
		Quirks:   q,
		Agencies: []sandbox.Agency{{CompanyID: canaryCompany, AppID: canaryApp, Token: canaryAgency, ExchangedPrefix: canaryExchange}},
		Locations: []sandbox.Location{
			{ID: canaryLocation, Token: canaryToken, CompanyID: canaryCompany, Name: canaryName, Address: canaryName + " Street"},
			{ID: "LocationOfCanary8", Token: "pit-c4n4ry-other", CompanyID: canaryCompany, Name: canaryName + " II", NoApp: true},
		},
	})
	for _, id := range canaryContacts {
		s.AddRecord(canaryLocation, id, "contact", map[string]any{"name": canaryName})
	}
	s.AddRecord(canaryLocation, canaryOpportunity, "opportunity")
	s.AddRelation(sandbox.Relation{
		LocationID: canaryLocation, AssociationID: "OPPORTUNITIES_CONTACTS_ASSOCIATION",
		FirstRecordID: canaryOpportunity, SecondRecordID: canaryContacts[0],
	})
	return s
}

func testSettings() settings {
	return settings{
		baseURL: "http://127.0.0.1:1", token: canaryToken, locationID: canaryLocation, contacts: canaryContacts,
		agencyToken: canaryAgency, companyID: canaryCompany, appID: canaryApp, objects: true,
	}
}

// outcome is the result of a run of the probe.
type outcome struct {
	seen  answers
	left  []string
	calls int
}

// examine runs the probe against a sandbox, in virtual time. The probe must leave nothing behind.
func examine(t *testing.T, q sandbox.Quirks, with settings) outcome {
	t.Helper()
	var o outcome
	var s *sandbox.Sandbox
	synctest.Test(t, func(t *testing.T) {
		s = newSandbox(q)
		time.Sleep(time.Minute) // the sandbox's objects become older than any lag
		a := newAccount(with, "tfacc_0123abcd_", s.Transport())
		seen, left, err := a.examine(t.Context(), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		o = outcome{seen, left, a.api.calls}
	})
	if len(o.left) > 0 {
		t.Errorf("the probe could not delete: %q", o.left)
	}
	if left := leftIn(s); len(left) > 0 {
		t.Errorf("left in the sub-account: %q", left)
	}
	if o.calls > 300 {
		t.Errorf("%d calls, want at most 300", o.calls)
	}
	return o
}

// leftIn lists the objects that newSandbox did not create.
func leftIn(s *sandbox.Sandbox) (left []string) {
	for _, a := range s.Associations(canaryLocation) {
		left = append(left, "association "+a.Key)
	}
	for _, r := range s.Relations(canaryLocation)[1:] {
		left = append(left, "relation "+r.ID)
	}
	for _, v := range s.CustomValues().All(canaryLocation) {
		left = append(left, "custom value "+v.Name)
	}
	for _, f := range s.CustomFields().All(canaryLocation) {
		left = append(left, "custom field "+f.FieldKey)
	}
	for _, d := range s.FieldFolders().All(canaryLocation) {
		left = append(left, "folder "+d.Name)
	}
	for _, o := range s.Objects().All(canaryLocation) {
		if !o.Standard {
			left = append(left, "object "+o.Key)
		}
	}
	return left
}

// covered lists, for each switch of the sandbox, the questions that reveal it, and the values other than zero that the tests
// draw.
var covered = map[string]struct {
	questions []string
	values    []any
}{
	"ObjectKeyAnswer": {[]string{"object-key-form"}, []any{sandbox.ObjectKeyArray, sandbox.ObjectKeySingle}},
	"WrapObjects":     {[]string{"association-form", "value-form"}, []any{true}},
	"BareLists":       {[]string{"list-form"}, []any{true}},
	"UnknownFields":   {[]string{"association-fields"}, []any{true}},
	"RichRows":        {[]string{"association-limits"}, []any{true}},

	"NoTotal":              {[]string{"list-total", "relation-total"}, []any{true}},
	"TotalUserDefinedOnly": {[]string{"list-total"}, []any{true}},
	"TotalOfPage":          {[]string{"list-total", "relation-total"}, []any{true}},
	"SystemRows":           {[]string{"system-rows"}, []any{sandbox.SystemRowsFirst, sandbox.SystemRowsEveryPage}},
	"PageCap":              {[]string{"list-page-cap", "relation-page-cap"}, []any{1, 2, 3, 5}},
	"Window":               {[]string{"relation-window"}, []any{1, 2, 4, 5}},

	"MissingIs404":         {[]string{"missing-association"}, []any{true}},
	"MissingRelationIs400": {[]string{"missing-relation"}, []any{true}},
	"UpdateAnswer":         {[]string{"update-answer"}, []any{sandbox.UpdateNone, sandbox.UpdateSuccess}},
	"DeletionAnswer": {
		[]string{"association-deletion", "relation-deletion", "value-deletion", "object-deletion"},
		[]any{sandbox.DeletionEmpty, sandbox.DeletionObject, sandbox.DeletionSuccess, sandbox.DeletionText},
	},

	"KeepSides":        {[]string{"sides"}, []any{true}},
	"LabelsStay":       {[]string{"labels-travel"}, []any{true}},
	"StoredKeys":       {[]string{"stored-key"}, []any{sandbox.KeysTrimmed, sandbox.KeysSlugged}},
	"StoredLabels":     {[]string{"stored-labels"}, []any{sandbox.LabelsTrimmed, sandbox.LabelsEscaped, sandbox.LabelsNFD}},
	"LabelLength":      {[]string{"label-length"}, []any{8, 20, 64, 119}},
	"StoredObjectKeys": {[]string{"stored-object-keys"}, []any{sandbox.ObjectKeysLower, sandbox.ObjectKeysUpper}},

	"CompanyCount":      {[]string{"company-count"}, []any{true}},
	"V3Exchange":        {[]string{"exchange-v3"}, []any{true}},
	"WrongVersionIs401": {[]string{"unknown-version"}, []any{true}},

	"LabelPairsRepeat":    {[]string{"label-pair"}, []any{true}},
	"LabelPairFirst":      {[]string{"label-pair-first"}, []any{true}},
	"ReversedPairAllowed": {[]string{"reversed-pair"}, []any{true}},
	"SamePairReversed":    {[]string{"relation-order"}, []any{true}},
	"MaxLabelsPerPair":    {[]string{"labels-per-pair"}, []any{4, 10, 11}},
	"MaxRelationsPerSide": {[]string{"relations-per-record"}, []any{1, 2, 4}},

	"OneSided":                   {[]string{"one-sided"}, []any{true}},
	"ListingLag":                 {[]string{"listing-lag"}, []any{2500 * time.Millisecond, 7 * time.Second, 20 * time.Second}},
	"RelationsWithoutObjectKeys": {[]string{"relation-object-keys"}, []any{true}},

	"MissingKindIs400":        {[]string{"missing-value", "missing-object"}, []any{true}},
	"TakenObjectKeysSuffixed": {[]string{"object-duplicate"}, []any{true}},
	"StaleObjects":            {[]string{"object-lookups"}, []any{1, 2, 3}},
	"StaleObjectLists":        {[]string{"object-lists"}, []any{1, 2, 3}},
	"StrictObjects":           {[]string{"unknown-object"}, []any{true}},

	"FormatsAnsweredAsText":     {[]string{"formats-answered"}, []any{true}},
	"FormatsTakenAsText":        {[]string{"formats-sent"}, []any{true}},
	"OptionKeysRefusedOnUpdate": {[]string{"option-keys"}, []any{true}},
	"FoldersWrapped":            {[]string{"folder-form"}, []any{true}},
	"FullFoldersGo":             {[]string{"full-folder"}, []any{true}},
	"CustomObjectRecords":       {[]string{"search-form"}, []any{true}},

	"DuplicateValueNames": {[]string{"value-duplicate"}, []any{sandbox.ValueNamesSuffixed, sandbox.ValueNamesRefused}},
	"EmptyValuesRefused":  {[]string{"value-empty"}, []any{true}},
	"CreateValueIs200":    {[]string{"value-status"}, []any{true}},
}

// notCovered lists the switches that no question reveals, and the reasons.
var notCovered = map[string]string{
	"DeletedRecordListing":   "the probe deletes no record of an account",
	"DeletedRecordRelations": "the probe deletes no record of an account",
	"MaxObjects":             "the probe would create as many objects as an account may have, and could not always delete them",
	"RecordLag":              "neither the probe nor the provider creates records",
	"FuzzySearch":            "the probe creates no record, so it would have to search the user's records",
}

// Every switch of the sandbox must have a question, or a reason for having none.
func TestEverySwitchHasAQuestion(t *testing.T) {
	t.Parallel()
	var known []string
	for _, g := range groups() {
		for _, q := range g.questions {
			if slices.Contains(known, q.id) {
				t.Errorf("two questions have the id %s", q.id)
			}
			known = append(known, q.id)
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[sandbox.Quirks]()) {
		how, isCovered := covered[field.Name]
		_, isNot := notCovered[field.Name]
		if isCovered == isNot {
			t.Errorf("the switch %s needs a question in covered, or a reason in notCovered", field.Name)
		}
		for _, id := range how.questions {
			if !slices.Contains(known, id) {
				t.Errorf("covered lists for the switch %s the question %q, which does not exist", field.Name, id)
			}
		}
	}
}

// set sets a switch to a value.
func set(q *sandbox.Quirks, name string, value any) {
	reflect.ValueOf(q).Elem().FieldByName(name).Set(reflect.ValueOf(value))
}

// drawQuirks sets random switches to random values.
func drawQuirks(r *rand.Rand) sandbox.Quirks {
	var q sandbox.Quirks
	for _, name := range slices.Sorted(maps.Keys(covered)) {
		if values := covered[name].values; r.IntN(2) == 0 {
			set(&q, name, values[r.IntN(len(values))])
		}
	}
	return q
}

// The probe reports exactly the switches of a sandbox.
func TestProbeReportsTheSwitches(t *testing.T) {
	t.Parallel()
	for seed := range uint64(runs) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 0))
			q, with := drawQuirks(r), testSettings()
			with.objects = r.IntN(4) > 0
			got := examine(t, q, with)
			compare(t, got.seen, expected(q, with.objects))
		})
	}
}

// Without switches, each answer must be the assumed answer. Each switch by itself must change an answer.
func TestProbeReportsEachSwitch(t *testing.T) {
	t.Parallel()
	assumed := answers{}
	for _, g := range groups() {
		for _, q := range g.questions {
			assumed[q.id] = q.assumed
		}
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		compare(t, examine(t, sandbox.Quirks{}, testSettings()).seen, assumed)
	})
	for name, how := range covered {
		for _, value := range how.values {
			t.Run(fmt.Sprintf("%s %v", name, value), func(t *testing.T) {
				t.Parallel()
				var q sandbox.Quirks
				set(&q, name, value)
				got := examine(t, q, testSettings())
				compare(t, got.seen, expected(q, true))
				for _, id := range how.questions {
					if got.seen[id] == assumed[id] {
						t.Errorf("%s: got %q, the same as without the switch", id, got.seen[id])
					}
				}
			})
		}
	}
}

func compare(t *testing.T, got, want answers) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if got[id] != want[id] {
			t.Errorf("%s:\n got %q\nwant %q", id, got[id], want[id])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d answers, want %d", len(got), len(want))
	}
}

func pick[T comparable](key T, from map[T]string) string {
	if text, ok := from[key]; ok {
		return text
	}
	var zero T
	return from[zero]
}

func either(is bool, yes, no string) string {
	return map[bool]string{true: yes, false: no}[is]
}

// expected returns the answers that the probe must find in a sandbox of newSandbox with these switches.
func expected(q sandbox.Quirks, objects bool) answers {
	want := answers{
		"rate-headers": "all six", "rate-limit": "100 calls in 10000 ms, 200000 a day",
		"key-lookup": "only as stored", "both-ends": "yes", "cascade": "yes",
		"relation-limit":  "refused: 422 `limit must not be greater than 100`",
		"duplicate-field": "refused: 400 `Custom field with key business.tfacc_…options already exists`",
		"option-removal":  "refused: 400 `Deleting option two is not supported`",
		"exchange-status": "201", "exchange-form": "`access_token`",
	}
	maps.Copy(want, expectedAssociation(q))
	maps.Copy(want, expectedListing(q))
	maps.Copy(want, expectedRelations(q))
	maps.Copy(want, expectedKinds(q))
	maps.Copy(want, expectedObjects(q, objects))
	return want
}

const (
	full      = "`deleted: true`, `id`, `message`"
	pairTaken = "refused: 400 `duplicate pair of labels`"
	relTaken  = "refused: 400 `Could not create relation: duplicate relation of object Ids for given association <id>`"
)

func deletion(q sandbox.Quirks, full string) string {
	return pick(q.DeletionAnswer, map[string]string{
		"": full, "empty": "no body", "object": "an empty object", "success": "`success: true`", "text": "text that is not JSON",
	})
}

func expectedAssociation(q sandbox.Quirks) answers {
	keyTaken := "refused: 400 `Duplicate Association key: tfacc_…" +
		pick(q.StoredKeys, map[string]string{"": "key-form ", "trimmed": "key-form", "slugged": "key_form"}) + "`"
	want := answers{
		"unknown-version": either(q.WrongVersionIs401, "401 `version header is invalid`", "400 `Invalid API version segment '1999-01-01' at position 0`"),
		"stored-key": "in lower case, " + pick(q.StoredKeys, map[string]string{
			"": "with a trailing space", "trimmed": "without the trailing space", "slugged": "without the trailing space, with `_` for punctuation",
		}),
		"update-answer":      pick(q.UpdateAnswer, map[string]string{"": "the association", "none": "no body", "success": "`success: true`"}),
		"association-form":   either(q.WrapObjects, "wrapped in `association`", "bare"),
		"association-fields": either(q.UnknownFields, "`__v`, `sandboxUnknown`", "none"),
		"association-limits": either(q.RichRows, "`firstObjectToSecondObjectCardinality`, `secondObjectToFirstObjectCardinality`, "+
			"`firstObjectToSecondObjectMaxLimit`, `secondObjectToFirstObjectMaxLimit`, `traceId`", "none"),
		"duplicate-key":    keyTaken,
		"label-pair":       either(q.LabelPairsRepeat, "accepted", pairTaken),
		"label-pair-first": either(q.LabelPairFirst, pairTaken, keyTaken),
		"equal-labels":     either(q.StoredObjectKeys == "upper", "accepted", "refused: 422 `Both object labels can not be same`"),

		"association-deletion": deletion(q, full),
		"missing-association":  either(q.MissingIs404, "404", "400") + " `Association already deleted or not found`",
		"label-length":         either(q.LabelLength > 0, fmt.Sprintf("after %d characters", q.LabelLength), "not within 120 characters"),
		"stored-labels": pick(q.StoredLabels, map[string]string{
			"": "as sent", "trimmed": "without the trailing space", "escaped": "with `&amp;` for `&`", "nfd": "with letters and accents as separate characters",
		}),
		"stored-object-keys": pick(q.StoredObjectKeys, map[string]string{"": "as sent", "lower": "in lower case", "upper": "in upper case"}),
		"sides":              either(q.KeepSides, "as sent", "in ascending order of the object keys"),
		"labels-travel":      either(q.LabelsStay, "they keep their positions", "they follow their objects"),
		"unknown-object":     "accepted",
	}
	if q.LabelPairsRepeat {
		want["label-pair-first"] = "cannot be seen, because a pair of labels may repeat"
	}
	if q.KeepSides {
		want["labels-travel"] = "cannot be seen, because the sides are stored as sent"
	}
	if q.StrictObjects {
		want["unknown-object"] = "refused: 422 `Object " +
			either(q.StoredObjectKeys == "upper", "CUSTOM_OBJECTS.tfacc_…NONE", "custom_objects.tfacc_…none") + " does not exist`"
	}
	return want
}

// capped describes how many rows the first page of a listing has.
func capped(q sandbox.Quirks, all int) string {
	if q.PageCap > 0 && q.PageCap < all {
		return fmt.Sprint(q.PageCap)
	}
	return fmt.Sprintf("at least %d", all)
}

func expectedListing(q sandbox.Quirks) answers {
	made, objectKey := 12, either(q.StoredObjectKeys == "upper", "CONTACT", "contact")
	want := answers{
		"labels-per-pair": "at least 12",
		"list-form":       either(q.BareLists, "bare", "wrapped in `associations`"),
		"system-rows": pick(q.SystemRows, map[string]string{
			"":           "after the user-defined rows, counted by `skip`",
			"first":      "before the user-defined rows, counted by `skip`",
			"every-page": "on every page, before its other rows, not counted by `skip`",
		}),
		"object-key-form": pick(q.ObjectKeyAnswer, map[string]string{
			"": "a list, wrapped in `associations`", "array": "a bare list", "single": "one association",
		}),
	}
	if most := q.MaxLabelsPerPair; most > 0 {
		made = most
		want["labels-per-pair"] = fmt.Sprintf("%d, then refused: 400 `Max association limit[%d] reached for objects[%s, %s]`", most, most, objectKey, objectKey)
	}
	// The platform itself adds four rows. Two of them are user-defined.
	want["list-page-cap"] = capped(q, made+4)
	if q.SystemRows == sandbox.SystemRowsEveryPage {
		want["list-page-cap"] = capped(q, made+2)
	}
	switch {
	case q.BareLists:
		want["list-total"] = "cannot be seen, because the listing is bare"
	case q.NoTotal:
		want["list-total"] = "none"
	case q.TotalOfPage:
		want["list-total"] = "the rows of the page"
	case q.TotalUserDefinedOnly:
		want["list-total"] = "the user-defined rows"
	default:
		want["list-total"] = "all rows"
	}
	return want
}

func expectedRelations(q sandbox.Quirks) answers {
	want := answers{
		"one-sided":            either(q.OneSided, "at the contact only", "at both ends"),
		"relation-order":       either(q.SamePairReversed, "the other way round", "as sent"),
		"relation-object-keys": either(q.RelationsWithoutObjectKeys, "no", "yes"),
		"listing-lag": pick(q.ListingLag, map[time.Duration]string{
			0: "it is listed at once", 2500 * time.Millisecond: "about 3 s", 7 * time.Second: "about 7 s", 20 * time.Second: "about 20 s",
		}),
		"duplicate-relation":   relTaken,
		"reversed-pair":        either(q.ReversedPairAllowed, "accepted", relTaken),
		"unknown-record":       "accepted",
		"relations-per-record": "at least 5",
		"relation-deletion":    deletion(q, full),
		"missing-relation":     either(q.MissingRelationIs400, "400", "404") + " `Relation not found`",
	}
	rows := 6 // one under the first association, five under the second
	if most := q.MaxRelationsPerSide; most > 0 {
		refusal := fmt.Sprintf("400 `Max relation limit[%d] reached for record[<id>] for association[<id>]`", most)
		want["relations-per-record"] = fmt.Sprintf("%d, then refused: %s", most, refusal)
		rows = 1 + most
		if most == 1 {
			want["unknown-record"] = "cannot be seen, because of another limit: " + refusal
		}
		if most == 1 && q.ReversedPairAllowed {
			want["reversed-pair"] = "cannot be seen, because of another limit: " + refusal
		}
	}
	want["relation-window"] = fmt.Sprintf("not within %d rows", rows)
	if q.Window > 0 && q.Window < rows {
		rows = q.Window
		want["relation-window"] = fmt.Sprintf("after %d rows", rows)
	}
	want["relation-page-cap"] = capped(q, rows)
	switch {
	case q.BareLists:
		want["relation-total"] = "cannot be seen, because the listing is bare"
	case q.NoTotal:
		want["relation-total"] = "none"
	case rows == 1:
		want["relation-total"] = "cannot be seen, because the whole listing is on one page"
	case q.TotalOfPage:
		want["relation-total"] = "the rows of the page"
	default:
		want["relation-total"] = "all rows"
	}
	return want
}

func expectedKinds(q sandbox.Quirks) answers {
	missing := either(q.MissingKindIs400, "400", "404")
	want := answers{
		"value-status": either(q.CreateValueIs200, "200", "201"),
		"value-form":   either(q.WrapObjects, "bare", "wrapped in `customValue`"),
		"value-duplicate": pick(q.DuplicateValueNames, map[string]string{
			"": "it has the same key", "suffixed": "it has another key", "refused": "refused: 400 `Custom value with name tfacc_…value already exists`",
		}),
		"value-empty":      either(q.EmptyValuesRefused, "refused: 422 `value should not be empty`", "accepted"),
		"value-deletion":   deletion(q, "`succeded: true`"), //nolint:misspell // the API spells it this way
		"missing-value":    missing + " `Custom value not found`",
		"folder-form":      either(q.FoldersWrapped, "wrapped in `folder`", "bare"),
		"formats-sent":     either(q.FormatsTakenAsText, "a string", "a list"),
		"formats-answered": either(q.FormatsAnsweredAsText, "a string", "a list"),
		"option-keys":      either(q.OptionKeysRefusedOnUpdate, "refused: 422 `options.0.property key should not exist`", "accepted"),
		"full-folder":      either(q.FullFoldersGo, "accepted", "refused: 400 `Folder contains custom fields and can not be deleted`"),
		"missing-object":   missing + " `Custom Object (custom_objects.tfacc_…none) not found`",
		"search-form":      either(q.CustomObjectRecords, "`customObjectRecords`", "`records`"),
		"exchange-v3":      either(q.V3Exchange, "`accessToken`", "`access_token`"),
		"company-count":    either(q.CompanyCount, "all sub-accounts", "those that match the filter"),
	}
	if q.NoTotal {
		want["company-count"] = "the answer has no `count`"
	}
	return want
}

func expectedObjects(q sandbox.Quirks, asked bool) answers {
	stale := func(n int) string {
		return either(n > 0, fmt.Sprintf("not in the first %d reads, one per second", n), "at once")
	}
	want := answers{
		"object-lists": stale(q.StaleObjectLists),
		"object-key":   "under `custom_objects.`, in lower case",
		"object-form":  either(q.WrapObjects, "bare", "wrapped in `object`"),
		"object-duplicate": either(q.TakenObjectKeysSuffixed, "it has another key",
			"refused: 400 `Custom Object with key custom_objects.tfacc_…thing already exists`"),
		"object-lookups":  stale(q.StaleObjects),
		"object-deletion": deletion(q, "`success: true`, `id`, `meta`"),
		"object-cascade":  "yes",
	}
	if !asked {
		for id := range want {
			want[id] = "not asked: the flag -objects is not set"
		}
	}
	return want
}

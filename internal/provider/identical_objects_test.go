package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// differences contains changes to a row that is identical to a plan, and whether the changed row still counts as identical.
type differences[T any] map[string]struct {
	change    func(row *T)
	identical bool
}

func (d differences[T]) check(t *testing.T, row func() T, isIdentical func(row T) bool) {
	t.Helper()
	if !isIdentical(row()) {
		t.Error("the row itself is not identical")
	}
	for name, difference := range d {
		changed := row()
		difference.change(&changed)
		if got := isIdentical(changed); got != difference.identical {
			t.Errorf("%s: identical %t, want %t", name, got, difference.identical)
		}
	}
}

func TestIdenticalAssociation(t *testing.T) {
	t.Parallel()
	plan := changed(companyProjects, func(m *associationModel) {
		m.ID, m.AssociationType, m.PlatformMade = types.StringUnknown(), types.StringUnknown(), types.BoolUnknown()
	})
	differences[ghl.Association]{
		"the other way round": {func(a *ghl.Association) {
			a.FirstObjectKey, a.FirstObjectLabel, a.SecondObjectKey, a.SecondObjectLabel = "custom_objects.projects", "Project", "business", "Company"
		}, true},
		"key":                       {func(a *ghl.Association) { a.Key = "company_project" }, false},
		"first object":              {func(a *ghl.Association) { a.FirstObjectKey = "contact" }, false},
		"second object":             {func(a *ghl.Association) { a.SecondObjectKey = "custom_objects.jobs" }, false},
		"first label":               {func(a *ghl.Association) { a.FirstObjectLabel = "company" }, false},
		"second label":              {func(a *ghl.Association) { a.SecondObjectLabel = "" }, false},
		"labels at the wrong sides": {func(a *ghl.Association) { a.FirstObjectLabel, a.SecondObjectLabel = "Project", "Company" }, false},
		"system-defined":            {func(a *ghl.Association) { a.AssociationType = "SYSTEM_DEFINED" }, false},
		"made by the platform":      {func(a *ghl.Association) { a.Key = "COMPANY_PROJECTS" }, false},
	}.check(t, func() ghl.Association { return companyProjectsRow }, plan.isIdentical)

	// Between records of one object, the order of the sides determines their roles.
	turned := ghl.Association{Key: "parent_child", FirstObjectKey: "contact", FirstObjectLabel: "Child", SecondObjectKey: "contact", SecondObjectLabel: "Parent"}
	if parentChild.isIdentical(turned) {
		t.Error("an association of one object with swapped sides is identical")
	}
}

func TestIdenticalRelation(t *testing.T) {
	t.Parallel()
	sb, s := newIdenticalStore(t)
	mixed := sb.AddAssociation(sandbox.Association{LocationID: "loc", Key: "owner", FirstObjectKey: "business", FirstObjectLabel: "a", SecondObjectKey: "custom_objects.pet", SecondObjectLabel: "b"})
	alike := sb.AddAssociation(sandbox.Association{LocationID: "loc", Key: "friend", FirstObjectKey: "contact", FirstObjectLabel: "a", SecondObjectKey: "contact", SecondObjectLabel: "b"})
	row := func(association, first, second, firstObject, secondObject string) ghl.Relation {
		return ghl.Relation{ID: "r", LocationID: "loc", AssociationID: association, FirstRecordID: first, SecondRecordID: second, FirstObjectKey: firstObject, SecondObjectKey: secondObject}
	}
	for name, test := range map[string]struct {
		association string // association id of the plan, which links the records "one" and "two"
		row         ghl.Relation
		want        bool
	}{
		"as planned":                                    {alike.ID, row(alike.ID, "one", "two", "contact", "contact"), true},
		"turned, of one object":                         {alike.ID, row(alike.ID, "two", "one", "contact", "contact"), false},
		"turned, of two objects":                        {mixed.ID, row(mixed.ID, "two", "one", "business", "custom_objects.pet"), true},
		"turned, of two objects as the association":     {mixed.ID, row(mixed.ID, "two", "one", "", ""), true},
		"turned, of one object as the association":      {alike.ID, row(alike.ID, "two", "one", "", ""), false},
		"turned, of one object, one object key missing": {alike.ID, row(alike.ID, "two", "one", "contact", ""), false},
		"turned, of a missing association":              {"gone", row("gone", "two", "one", "", ""), false},
		"another first record":                          {alike.ID, row(alike.ID, "three", "two", "contact", "contact"), false},
		"another second record":                         {alike.ID, row(alike.ID, "one", "three", "contact", "contact"), false},
		"another association":                           {alike.ID, row(mixed.ID, "one", "two", "contact", "contact"), false},
	} {
		plan := relationFor(store.RelationRef{LocationID: "loc", AssociationID: test.association, FirstRecordID: "one", SecondRecordID: "two"})
		if got := plan.isIdentical(t.Context(), s, test.row); got != test.want {
			t.Errorf("%s: identical %t, want %t", name, got, test.want)
		}
	}
}

func TestIdenticalCustomValue(t *testing.T) {
	t.Parallel()
	plan := customValueModel{customValueFields: customValueFields{
		ID: types.StringUnknown(), LocationID: types.StringValue("loc"), Name: types.StringValue("Phone"), Value: types.StringValue("1\n"), FieldKey: types.StringUnknown(),
	}}
	differences[ghl.CustomValue]{
		"name":                {func(v *ghl.CustomValue) { v.Name = "phone" }, false},
		"value":               {func(v *ghl.CustomValue) { v.Value = "2" }, false},
		"no value":            {func(v *ghl.CustomValue) { v.Value = "" }, false},
		"trimmed white space": {func(v *ghl.CustomValue) { v.Value = "1" }, true},
	}.check(t, func() ghl.CustomValue {
		return ghl.CustomValue{ID: "v", LocationID: "loc", Name: "Phone", Value: "1\n"}
	},
		func(row ghl.CustomValue) bool { return sameAsPlanned(t.Context(), nil, plan, row) })
}

func TestIdenticalCustomField(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	plan := customFieldModel{customFieldFields: customFieldFields{
		ID: types.StringUnknown(), LocationID: text("loc"), ObjectKey: text("custom_objects.pet"), Key: text("Kind"), FieldKey: text("custom_objects.pet.kind"),
		Name: text("Kind"), DataType: text("RADIO"), FolderID: text("folder"), Description: text("Which"), Placeholder: types.StringNull(), ShowInForms: types.BoolValue(true),
		Options:         optionList([]fieldOption{{Key: types.StringUnknown(), Label: text("Dog"), URL: text("https://dog")}, {Key: text("cat"), Label: text("Cat"), URL: types.StringNull()}}),
		AcceptedFormats: types.SetValueMust(types.StringType, []attr.Value{text(".pdf"), text(".doc")}), MaxFiles: types.Int64Value(2), AllowCustomOption: types.BoolValue(false),
	}}
	row := func() ghl.CustomField {
		return ghl.CustomField{
			ID: "f", LocationID: "loc", ObjectKey: "custom_objects.pet", FieldKey: "custom_objects.pet.kind", Name: "Kind", DataType: "RADIO", ParentID: "folder", Description: "Which",
			ShowInForms: true, Options: []ghl.FieldOption{{Key: "dog", Label: "Dog", URL: "https://dog"}, {Key: "cat", Label: "Cat"}}, AcceptedFormats: []string{".doc", ".pdf"}, MaxFileLimit: 2,
		}
	}
	cases := differences[ghl.CustomField]{
		"key":                   {func(f *ghl.CustomField) { f.FieldKey = "custom_objects.pet.kinds" }, false},
		"object":                {func(f *ghl.CustomField) { f.ObjectKey = "custom_objects.cat" }, false},
		"name":                  {func(f *ghl.CustomField) { f.Name = "Sort" }, false},
		"data type":             {func(f *ghl.CustomField) { f.DataType = "TEXT" }, false},
		"no data type":          {func(f *ghl.CustomField) { f.DataType = "" }, false},
		"folder":                {func(f *ghl.CustomField) { f.ParentID = "other" }, false},
		"no folder":             {func(f *ghl.CustomField) { f.ParentID = "" }, false},
		"description":           {func(f *ghl.CustomField) { f.Description = "" }, false},
		"placeholder":           {func(f *ghl.CustomField) { f.Placeholder = "?" }, false},
		"not in forms":          {func(f *ghl.CustomField) { f.ShowInForms = false }, false},
		"an option fewer":       {func(f *ghl.CustomField) { f.Options = f.Options[:1] }, false},
		"an option more":        {func(f *ghl.CustomField) { f.Options = append(f.Options, ghl.FieldOption{Key: "fox", Label: "Fox"}) }, false},
		"options turned":        {func(f *ghl.CustomField) { f.Options[0], f.Options[1] = f.Options[1], f.Options[0] }, false},
		"an option's label":     {func(f *ghl.CustomField) { f.Options[1].Label = "Cats" }, false},
		"an option's key":       {func(f *ghl.CustomField) { f.Options[1].Key = "cats" }, false},
		"a key that is not set": {func(f *ghl.CustomField) { f.Options[0].Key = "hound" }, true},
		"an option's picture":   {func(f *ghl.CustomField) { f.Options[0].URL = "https://fox" }, false},
		"a format more":         {func(f *ghl.CustomField) { f.AcceptedFormats = append(f.AcceptedFormats, ".png") }, false},
		"formats in one text":   {func(f *ghl.CustomField) { f.AcceptedFormats = []string{".pdf, .doc"} }, true},
		"max files":             {func(f *ghl.CustomField) { f.MaxFileLimit = 3 }, false},
		"custom options":        {func(f *ghl.CustomField) { f.AllowCustomOption = true }, false},
	}
	cases.check(t, row, func(row ghl.CustomField) bool { return sameAsPlanned(t.Context(), nil, plan, row) })

	// A field that the configuration does not set may have any value.
	plan.FolderID, plan.AcceptedFormats, plan.MaxFiles, plan.AllowCustomOption = types.StringUnknown(), types.SetUnknown(types.StringType), types.Int64Unknown(), types.BoolUnknown()
	for _, name := range []string{"folder", "a format more", "max files", "custom options"} {
		left := row()
		cases[name].change(&left)
		if !sameAsPlanned(t.Context(), nil, plan, left) {
			t.Errorf("%s: not identical, although the configuration does not set it", name)
		}
	}
}

func TestIdenticalCustomObject(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	plan := customObjectModel{
		ID: types.StringUnknown(), LocationID: text("loc"), Key: text("Pet"), ObjectKey: text("custom_objects.pet"), SingularLabel: text("Pet"), PluralLabel: text("Pets"),
		Description: text("Tame"), FieldFolderID: types.StringUnknown(), PrimaryDisplayProperty: displayProperty{text("name"), text("Name"), text("TEXT")}.value(),
	}
	sb, s := newIdenticalStore(t)
	sb.CustomFields().Add(sandbox.CustomField{LocationID: "loc", ObjectKey: "custom_objects.pet", FieldKey: "custom_objects.pet.other", Name: "Name", DataType: "TEXT"})
	differences[ghl.Object]{
		"key":                  {func(o *ghl.Object) { o.Key = "custom_objects.pets" }, false},
		"singular label":       {func(o *ghl.Object) { o.Labels.Singular = "Dog" }, false},
		"plural label":         {func(o *ghl.Object) { o.Labels.Plural = "Dogs" }, false},
		"description":          {func(o *ghl.Object) { o.Description = "" }, false},
		"primary property":     {func(o *ghl.Object) { o.PrimaryDisplayProperty = "custom_objects.pet.other" }, false},
		"no primary property":  {func(o *ghl.Object) { o.PrimaryDisplayProperty = "" }, false},
		"standard":             {func(o *ghl.Object) { o.Standard = true }, false},
		"made by the platform": {func(o *ghl.Object) { o.Type = "SYSTEM_DEFINED" }, false},
	}.check(t, func() ghl.Object {
		return ghl.Object{
			ID: "o", LocationID: "loc", Key: "custom_objects.pet", Labels: ghl.ObjectLabels{Singular: "Pet", Plural: "Pets"}, Description: "Tame",
			PrimaryDisplayProperty: "custom_objects.pet.name", Type: "USER_DEFINED",
		}
	}, func(row ghl.Object) bool { return sameAsPlanned(t.Context(), s, plan, row) })

	row := ghl.Object{ID: "o", Key: "custom_objects.pet", Labels: ghl.ObjectLabels{Singular: "Pet", Plural: "Pets"}, Description: "Tame", PrimaryDisplayProperty: "custom_objects.pet.name"}
	for _, primary := range []displayProperty{{text("name"), text("Title"), text("TEXT")}, {text("name"), text("Name"), text("NUMERICAL")}} {
		plan.PrimaryDisplayProperty = primary.value()
		if sameAsPlanned(t.Context(), s, plan, row) {
			t.Errorf("an object whose first field differs from %v is identical", primary)
		}
	}
}

func TestIdenticalFolder(t *testing.T) {
	t.Parallel()
	sb, s := newIdenticalStore(t)
	own := sb.FieldFolders().All("loc")[0]
	plan := customFieldFolderModel{ID: types.StringUnknown(), LocationID: types.StringValue("loc"), ObjectKey: types.StringValue("custom_objects.pet"), Name: types.StringValue("Health")}
	differences[ghl.CustomField]{
		"name":                    {func(f *ghl.CustomField) { f.Name = "health" }, false},
		"object":                  {func(f *ghl.CustomField) { f.ObjectKey = "business" }, false},
		"created with the object": {func(f *ghl.CustomField) { f.ID = own.ID }, false},
	}.check(t, func() ghl.CustomField {
		return ghl.CustomField{ID: "d", LocationID: "loc", ObjectKey: "custom_objects.pet", Name: "Health", IsFolder: true}
	}, func(row ghl.CustomField) bool { return sameAsPlanned(t.Context(), s, plan, row) })
}

// newIdenticalStore returns a sandbox with the object pet, and a store that reads it.
func newIdenticalStore(t *testing.T) (*sandbox.Sandbox, *store.Store) {
	t.Helper()
	sb := sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: "loc", Token: "pit-x"}}, RateLimit: sandbox.RateLimit{Unlimited: true}})
	sb.Objects().Add(sandbox.Object{
		LocationID: "loc", Key: "custom_objects.pet", PrimaryDisplayProperty: "custom_objects.pet.name", Type: sandbox.UserDefined,
		Labels: sandbox.Labels{Singular: "Pet", Plural: "Pets"},
	})
	client, err := ghl.New(ghl.Config{BaseURL: "http://127.0.0.1", AccessToken: "pit-x", UserAgent: "test", Transport: sb.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return sb, store.New(client, ghl.SystemClock())
}

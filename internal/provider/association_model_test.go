package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// companyProjects is an association with the project as its first side.
var companyProjects = associationModel{associationFields: associationFields{
	ID:                types.StringValue("a1"),
	LocationID:        types.StringValue("loc"),
	Key:               types.StringValue("Company_Projects"),
	FirstObjectKey:    types.StringValue("custom_objects.projects"),
	FirstObjectLabel:  types.StringValue("Project"),
	SecondObjectKey:   types.StringValue("business"),
	SecondObjectLabel: types.StringValue("Company"),
	AssociationType:   types.StringValue("USER_DEFINED"),
	PlatformMade:      types.BoolValue(false),
}, DeletionProtection: types.BoolValue(true)}

// companyProjectsRow is companyProjects as HighLevel stores it.
var companyProjectsRow = ghl.Association{
	ID: "a1", LocationID: "loc", Key: "company_projects", AssociationType: "USER_DEFINED",
	FirstObjectKey: "business", FirstObjectLabel: "Company",
	SecondObjectKey: "custom_objects.projects", SecondObjectLabel: "Project",
}

// parentChild is an association between two records of the same object.
var parentChild = associationModel{associationFields: associationFields{
	ID:                types.StringValue("a2"),
	LocationID:        types.StringValue("loc"),
	Key:               types.StringValue("parent_child"),
	FirstObjectKey:    types.StringValue("contact"),
	FirstObjectLabel:  types.StringValue("Parent"),
	SecondObjectKey:   types.StringValue("contact"),
	SecondObjectLabel: types.StringValue("Child"),
	AssociationType:   types.StringValue("USER_DEFINED"),
	PlatformMade:      types.BoolValue(false),
}}

// changed returns m modified by change, for use in tables.
func changed(m associationModel, change func(*associationModel)) associationModel {
	change(&m)
	return m
}

func TestAssociationRefreshed(t *testing.T) {
	t.Parallel()
	row := func(change func(*ghl.Association)) ghl.Association {
		r := companyProjectsRow
		change(&r)
		return r
	}
	imported := associationModel{associationFields: associationFields{ID: types.StringValue("a1"), LocationID: types.StringValue("loc")}}
	tests := map[string]struct {
		state associationModel
		row   ghl.Association
		want  associationModel
	}{
		"sides stored the other way round and key in lower case": {companyProjects, companyProjectsRow, companyProjects},
		"a label changed by hand": {
			companyProjects,
			row(func(r *ghl.Association) { r.SecondObjectLabel = "Job" }),
			changed(companyProjects, func(m *associationModel) { m.FirstObjectLabel = types.StringValue("Job") }),
		},
		"labels on the wrong objects after the server swapped the sides": {
			companyProjects,
			row(func(r *ghl.Association) { r.FirstObjectLabel, r.SecondObjectLabel = "Project", "Company" }),
			changed(companyProjects, func(m *associationModel) {
				m.FirstObjectLabel, m.SecondObjectLabel = types.StringValue("Company"), types.StringValue("Project")
			}),
		},
		"another key": {
			companyProjects,
			row(func(r *ghl.Association) { r.Key = "projects_of_companies" }),
			changed(companyProjects, func(m *associationModel) { m.Key = types.StringValue("projects_of_companies") }),
		},
		"different objects take the stored order": {
			companyProjects,
			row(func(r *ghl.Association) { r.SecondObjectKey = "contact" }),
			changed(companyProjects, func(m *associationModel) {
				m.FirstObjectKey, m.FirstObjectLabel = types.StringValue("business"), types.StringValue("Company")
				m.SecondObjectKey, m.SecondObjectLabel = types.StringValue("contact"), types.StringValue("Project")
			}),
		},
		"an import takes everything as stored": {
			imported, companyProjectsRow,
			associationModel{associationFields: associationFields{
				ID: types.StringValue("a1"), LocationID: types.StringValue("loc"), Key: types.StringValue("company_projects"),
				FirstObjectKey: types.StringValue("business"), FirstObjectLabel: types.StringValue("Company"),
				SecondObjectKey: types.StringValue("custom_objects.projects"), SecondObjectLabel: types.StringValue("Project"),
				AssociationType: types.StringValue("USER_DEFINED"), PlatformMade: types.BoolValue(false),
			}},
		},
		"an answer without a type": {
			companyProjects,
			row(func(r *ghl.Association) { r.AssociationType = "" }),
			changed(companyProjects, func(m *associationModel) { m.AssociationType = types.StringNull() }),
		},
		"one object on both sides is never swapped": {
			parentChild,
			ghl.Association{ID: "a2", Key: "parent_child", FirstObjectKey: "contact", FirstObjectLabel: "Child", SecondObjectKey: "contact", SecondObjectLabel: "Parent", AssociationType: "USER_DEFINED"},
			changed(parentChild, func(m *associationModel) {
				m.FirstObjectLabel, m.SecondObjectLabel = types.StringValue("Child"), types.StringValue("Parent")
			}),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.state.refreshed(test.row); got != test.want.associationFields {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestAssociationCreatedKeepsWhatWasPlanned(t *testing.T) {
	t.Parallel()
	plan := changed(companyProjects, func(m *associationModel) {
		m.ID, m.AssociationType = types.StringUnknown(), types.StringUnknown()
	})
	row := companyProjectsRow
	row.FirstObjectLabel, row.SecondObjectLabel = "Project", "Company" // the labels are on the wrong objects, so a later update repairs them
	if got := plan.created(row); got != companyProjects.associationFields {
		t.Errorf("got  %+v\nwant %+v", got, companyProjects)
	}
}

func TestAssociationLabelsAre(t *testing.T) {
	t.Parallel()
	leftBehind := companyProjectsRow
	leftBehind.FirstObjectLabel, leftBehind.SecondObjectLabel = "Project", "Company"
	otherObjects := companyProjectsRow
	otherObjects.FirstObjectKey = "opportunity"
	tests := map[string]struct {
		row  ghl.Association
		want bool
	}{
		"labels on the right objects": {companyProjectsRow, true},
		"labels on the wrong objects": {leftBehind, false},
		"other objects":               {otherObjects, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := companyProjects.labelsAre(test.row); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestAssociationReplaces(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		state  associationModel
		change func(*associationModel)
		want   []string
	}{
		"nothing": {companyProjects, func(*associationModel) {}, nil},
		"labels":  {companyProjects, func(m *associationModel) { m.FirstObjectLabel = types.StringValue("Job") }, nil},
		"sides swapped": {companyProjects, func(m *associationModel) {
			m.FirstObjectKey, m.SecondObjectKey = m.SecondObjectKey, m.FirstObjectKey
			m.FirstObjectLabel, m.SecondObjectLabel = m.SecondObjectLabel, m.FirstObjectLabel
		}, nil},
		"the key's case": {companyProjects, func(m *associationModel) { m.Key = types.StringValue("COMPANY_PROJECTS") }, nil},
		"the key":        {companyProjects, func(m *associationModel) { m.Key = types.StringValue("other") }, []string{"key"}},
		"an unknown key": {companyProjects, func(m *associationModel) { m.Key = types.StringUnknown() }, []string{"key"}},
		"the sub-account": {companyProjects, func(m *associationModel) { m.LocationID = types.StringValue("other") },
			[]string{"location_id"}},
		"an object": {companyProjects, func(m *associationModel) { m.SecondObjectKey = types.StringValue("contact") },
			[]string{"second_object_key"}},
		"sides swapped and an object changed": {companyProjects, func(m *associationModel) {
			m.FirstObjectKey, m.SecondObjectKey = types.StringValue("business"), types.StringValue("contact")
		}, []string{"first_object_key", "second_object_key"}},
		"an unknown object": {companyProjects, func(m *associationModel) { m.FirstObjectKey = types.StringUnknown() },
			[]string{"first_object_key"}},
		"roles between contacts": {parentChild, func(m *associationModel) {
			m.FirstObjectLabel, m.SecondObjectLabel = m.SecondObjectLabel, m.FirstObjectLabel
		}, nil},
		"one of two contacts": {parentChild, func(m *associationModel) { m.FirstObjectKey = types.StringValue("business") },
			[]string{"first_object_key"}},
		"both at once": {companyProjects, func(m *associationModel) {
			m.LocationID, m.Key = types.StringValue("other"), types.StringValue("other")
		}, []string{"location_id", "key"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assertPaths(t, changed(test.state, test.change).replaces(test.state), test.want)
		})
	}
}

func assertPaths(t *testing.T, got path.Paths, want []string) {
	t.Helper()
	var wanted path.Paths
	for _, attribute := range want {
		wanted.Append(path.Root(attribute))
	}
	if got.String() != wanted.String() {
		t.Errorf("got %s, want %s", got, wanted)
	}
}

func TestAssociationIsComplete(t *testing.T) {
	t.Parallel()
	byID := associationModel{associationFields: associationFields{ID: types.StringValue("a1"), LocationID: types.StringValue("loc")}}
	byKey := associationModel{associationFields: associationFields{Key: types.StringValue("k"), LocationID: types.StringValue("loc")}}
	for name, state := range map[string]associationModel{"an import by id": byID, "an import by key": byKey} {
		if state.isComplete() {
			t.Errorf("%s is complete, want incomplete", name)
		}
	}
	if !companyProjects.isComplete() {
		t.Error("a state after a read is incomplete, want complete")
	}
}

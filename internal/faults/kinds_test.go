package faults_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// kind describes one kind of object for the code that handles all kinds.
type kind struct {
	name    string   // name of the resource type
	thing   string   // name of the kind in diagnostics
	letter  string   // letter in the addresses of blocks
	most    int      // maximum number of blocks in a sub-account
	renames bool     // objects are renamed in place
	by      string   // attribute that identifies an object in diagnostics; "" means none
	named   []string // attributes in an import id, after the attribute in the field by
	sends   string   // attribute that a create sends unchanged

	list, create, get, update, delete string // routes; "" means none

	data, rows string // data source that lists the objects, and the attribute that contains them
	ofWhat     string // attribute of the data source that must be set in addition to the sub-account
	fromWhat   string // attribute of the resource that contains the value for ofWhat

	block func(k *kind, c configuration, location string, n int) *block                         // returns a new block, or nil if there is no block that it could refer to
	given func(b *block, c configuration, parent func() tftypes.Value) map[string]tftypes.Value // returns the attributes that a block sets
	kindCalls
}

// kindCalls are functions that access the objects of a kind without the API.
type kindCalls struct {
	there  func(s *sandbox.Sandbox, location string) []object
	of     func(location string, v tftypes.Value) object // the object that a state, a plan or a row describes
	add    func(s *sandbox.Sandbox, location string, v tftypes.Value, spoilt bool) (id string)
	change func(s *sandbox.Sandbox, location, id string)
	remove func(s *sandbox.Sandbox, location, id string)
}

// object is an existing object, or an object that a block or a state describes.
type object struct {
	kind     *kind
	location string
	id       string
	key      string // must be unique
	fixed    string // the part that no update can change; "" if unknown
	content  string // the rest of what a configuration sets
}

// isSame reports whether an existing object is the object o of a state. Relations are identified by their records, so a relation
// that was created again counts as the same relation.
func (o object) isSame(there object) bool {
	switch {
	case o.kind != there.kind || o.location != there.location:
		return false
	case o.kind == relations:
		return o.fixed == there.fixed
	case o.id == "":
		return o.key == there.key
	default:
		return o.id == there.id
	}
}

// calls are the functions of kindCalls for one type of the sandbox's rows.
type calls[T any] struct {
	of       func(location string, v tftypes.Value) T
	describe func(row T) object
	all      func(s *sandbox.Sandbox, location string) []T
	add      func(s *sandbox.Sandbox, row T) T
	change   func(s *sandbox.Sandbox, location, id string, how func(*T))
	remove   func(s *sandbox.Sandbox, location, id string)
	spoil    func(row *T) // overwrites a text, as another user would
}

// on sets the missing functions of c so that they access rows of the sandbox.
func (c calls[T]) on(rows func(*sandbox.Sandbox) sandbox.Rows[T]) calls[T] {
	c.add = func(s *sandbox.Sandbox, row T) T { return rows(s).Add(row) }
	c.change = func(s *sandbox.Sandbox, location, id string, how func(*T)) { rows(s).Update(location, id, how) }
	if c.all == nil {
		c.all = func(s *sandbox.Sandbox, location string) []T { return rows(s).All(location) }
	}
	if c.remove == nil {
		c.remove = func(s *sandbox.Sandbox, location, id string) { rows(s).Remove(location, id) }
	}
	return c
}

func newKind[T any](k kind, c calls[T]) *kind {
	described := func(location string, row T) object {
		o := c.describe(row)
		o.kind, o.location = &k, location
		o.key = k.name + " " + location + " " + o.key
		return o
	}
	k.kindCalls = kindCalls{
		there: func(s *sandbox.Sandbox, location string) (all []object) {
			for _, row := range c.all(s, location) {
				all = append(all, described(location, row))
			}
			return all
		},
		of: func(location string, v tftypes.Value) object { return described(location, c.of(location, v)) },
		add: func(s *sandbox.Sandbox, location string, v tftypes.Value, spoilt bool) string {
			row := c.of(location, v)
			if spoilt {
				c.spoil(&row)
			}
			return c.describe(c.add(s, row)).id
		},
		change: func(s *sandbox.Sandbox, location, id string) { c.change(s, location, id, c.spoil) },
		remove: c.remove,
	}
	return &k
}

// isWhole reports whether the kind's listing is a single answer without a total.
func (k *kind) isWhole() bool { return k != associations && k != relations && k != sets }

var associations = newKind(kind{
	name: "ghl_association", thing: "Association", letter: "a", most: 3, by: "key", named: []string{"key"}, sends: "key",
	list: sandbox.RouteListAssociations, create: sandbox.RouteCreateAssociation, get: sandbox.RouteGetAssociation,
	update: sandbox.RouteUpdateAssociation, delete: sandbox.RouteDeleteAssociation,
	data: "ghl_associations", rows: "associations",
	block: func(k *kind, c configuration, location string, n int) *block {
		return &block{key: c.freeKey(k, location), pair: n % len(pairs), texts: [2]int{1, 2}, turned: n/4%2 == 1}
	},
	given: func(b *block, _ configuration, _ func() tftypes.Value) map[string]tftypes.Value {
		first, second := 0, 1
		if b.turned {
			first, second = 1, 0
		}
		return map[string]tftypes.Value{
			"key":              text(b.key),
			"first_object_key": text(pairs[b.pair][first]), "first_object_label": text(b.label(first)),
			"second_object_key": text(pairs[b.pair][second]), "second_object_label": text(b.label(second)),
		}
	},
}, calls[sandbox.Association]{
	of: func(location string, v tftypes.Value) sandbox.Association {
		return sandbox.Association{
			LocationID: location, ID: attribute(v, "id"), Key: strings.ToLower(attribute(v, "key")),
			FirstObjectKey: attribute(v, "first_object_key"), FirstObjectLabel: attribute(v, "first_object_label"),
			SecondObjectKey: attribute(v, "second_object_key"), SecondObjectLabel: attribute(v, "second_object_label"),
		}
	},
	describe: func(a sandbox.Association) object {
		if a.FirstObjectKey > a.SecondObjectKey { // if the keys are equal, the order determines the roles
			a.FirstObjectKey, a.SecondObjectKey = a.SecondObjectKey, a.FirstObjectKey
			a.FirstObjectLabel, a.SecondObjectLabel = a.SecondObjectLabel, a.FirstObjectLabel
		}
		content := fmt.Sprintf("%q", []string{a.FirstObjectKey, a.SecondObjectKey, a.FirstObjectLabel, a.SecondObjectLabel})
		return object{id: a.ID, key: strings.ToLower(a.Key), fixed: strings.ToLower(a.Key), content: content}
	},
	all: (*sandbox.Sandbox).Associations, add: (*sandbox.Sandbox).AddAssociation,
	change: (*sandbox.Sandbox).UpdateAssociation, remove: (*sandbox.Sandbox).RemoveAssociation,
	spoil: func(a *sandbox.Association) { a.FirstObjectLabel = "Somebody's" },
})

var relations = newKind(kind{
	name: "ghl_relation", thing: "Relation", letter: "r", most: 5,
	list: sandbox.RouteListRelations, create: sandbox.RouteCreateRelation, delete: sandbox.RouteDeleteRelation,
	data: "ghl_relations", rows: "relations", ofWhat: "record_id", fromWhat: "first_record_id",
	block: func(_ *kind, c configuration, location string, n int) *block {
		under := pick(append(c.of(associations, location), ""), n)
		return &block{under: under, numbers: [2]int{1 + n/2%2, c.freeNumber(location)}, swapped: n/4%2 == 1, byKey: n/8%3 == 1}
	},
	given: func(b *block, c configuration, parent func() tftypes.Value) map[string]tftypes.Value {
		records := b.records(c)
		name, association := b.association(c, parent)
		return map[string]tftypes.Value{name: association, "first_record_id": text(records[0]), "second_record_id": text(records[1])}
	},
}, calls[sandbox.Relation]{
	of: func(location string, v tftypes.Value) sandbox.Relation {
		return sandbox.Relation{
			LocationID: location, ID: attribute(v, "id"), AssociationID: attribute(v, "association_id"),
			FirstRecordID: attribute(v, "first_record_id"), SecondRecordID: attribute(v, "second_record_id"),
		}
	},
	describe: func(r sandbox.Relation) object {
		records := []string{r.FirstRecordID, r.SecondRecordID}
		ordered := fmt.Sprintf("%s %q", r.AssociationID, records)
		slices.Sort(records)
		key := fmt.Sprintf("%s %q", r.AssociationID, records)
		if objectOfRecord(r.FirstRecordID) != objectOfRecord(r.SecondRecordID) { // if the objects are equal, the order determines the roles
			ordered = key
		}
		return object{id: r.ID, key: key, fixed: ordered}
	},
	all: (*sandbox.Sandbox).Relations, add: (*sandbox.Sandbox).AddRelation, remove: (*sandbox.Sandbox).RemoveRelation,
})

var customValues = newKind(kind{
	name: "ghl_custom_value", thing: "Custom Value", letter: "v", most: 3, by: "name", named: []string{"name"}, sends: "name", renames: true,
	list: sandbox.RouteListCustomValues, create: sandbox.RouteCreateCustomValue, get: sandbox.RouteGetCustomValue,
	update: sandbox.RouteUpdateCustomValue, delete: sandbox.RouteDeleteCustomValue,
	data: "ghl_custom_values", rows: "values",
	block: func(k *kind, c configuration, location string, _ int) *block {
		return &block{key: c.freeKey(k, location), texts: [2]int{1, 2}}
	},
	given: func(b *block, _ configuration, _ func() tftypes.Value) map[string]tftypes.Value {
		return map[string]tftypes.Value{"name": text(b.key), "value": text(b.label(0))}
	},
}, calls[sandbox.CustomValue]{
	of: func(location string, v tftypes.Value) sandbox.CustomValue {
		return sandbox.CustomValue{
			LocationID: location, ID: attribute(v, "id"), Name: attribute(v, "name"),
			Value: attribute(v, "value"), FieldKey: attribute(v, "field_key"),
		}
	},
	describe: func(v sandbox.CustomValue) object {
		return object{id: v.ID, key: v.Name, fixed: v.FieldKey, content: fmt.Sprintf("%q", []string{v.Name, v.Value})}
	},
	spoil: func(v *sandbox.CustomValue) { v.Value = "Somebody's" },
}.on((*sandbox.Sandbox).CustomValues))

var kinds = []*kind{associations, relations, customValues, customObjects, fieldFolders, customFields, sets}

// objects returns all existing objects.
func (w *world) objects() (all []object) {
	for _, location := range w.locations {
		for _, k := range kinds {
			all = append(all, k.there(w.sandbox, location)...)
		}
	}
	return all
}

// object returns the object that the state of an instance describes.
func (i *instance) object() object { return i.kind.of(i.location, i.value) }

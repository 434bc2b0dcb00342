package faults_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The kinds of objects and their contents: folders of a custom object or of business, and fields of a folder.

// Each object is created with this field, in a folder that is named after the object.
const (
	firstField  = "first"
	firstFolder = " Details"
)

func fullObjectKey(key string) string {
	return "custom_objects." + strings.TrimPrefix(strings.ToLower(key), "custom_objects.")
}

var customObjects = newKind(kind{
	name: "ghl_custom_object", thing: "Custom Object", letter: "o", most: 2, by: "key", named: []string{"object_key"}, sends: "singular_label",
	list: sandbox.RouteListObjects, create: sandbox.RouteCreateObject, get: sandbox.RouteGetObject,
	update: sandbox.RouteUpdateObject, delete: sandbox.RouteDeleteObject,
	data: "ghl_objects", rows: "objects",
	block: func(k *kind, c configuration, location string, _ int) *block {
		return &block{key: c.freeKey(k, location), texts: [2]int{1, 2}}
	},
	given: func(b *block, _ configuration, _ func() tftypes.Value) map[string]tftypes.Value {
		first := map[string]tftypes.Value{"key": text(firstField), "name": text("Name"), "data_type": text("TEXT")}
		types := map[string]tftypes.Type{}
		for name := range first {
			types[name] = tftypes.String
		}
		return map[string]tftypes.Value{
			"key": text(b.key), "singular_label": text(b.label(0)), "plural_label": text(b.label(1)), "deletion_policy": text("delete"),
			"primary_display_property": tftypes.NewValue(tftypes.Object{AttributeTypes: types}, first),
		}
	},
}, calls[sandbox.Object]{
	of: func(location string, v tftypes.Value) sandbox.Object {
		key := fullObjectKey(cmp.Or(attribute(v, "key"), attribute(v, "object_key"))) // a data source has only object_key
		return sandbox.Object{
			LocationID: location, ID: attribute(v, "id"), Key: key, PrimaryDisplayProperty: key + "." + firstField,
			Labels: sandbox.Labels{Singular: attribute(v, "singular_label"), Plural: attribute(v, "plural_label")},
		}
	},
	describe: func(o sandbox.Object) object {
		return object{id: o.ID, key: o.Key, fixed: o.Key, content: fmt.Sprintf("%q", o.Labels)}
	},
	spoil: func(o *sandbox.Object) { o.Labels.Singular = "Somebody's" },
}.on((*sandbox.Sandbox).Objects))

var fieldFolders = newKind(kind{
	name: "ghl_custom_field_folder", thing: "Custom Field Folder", letter: "d", most: 2,
	by: "name", named: []string{"object_key", "name"}, sends: "name", renames: true,
	list: sandbox.RouteListCustomFields, create: sandbox.RouteCreateFieldFolder, get: sandbox.RouteGetCustomField,
	update: sandbox.RouteUpdateFieldFolder, delete: sandbox.RouteDeleteFieldFolder,
	data: "ghl_custom_fields", rows: "folders", ofWhat: "object_key", fromWhat: "object_key",
	block: func(k *kind, c configuration, location string, n int) *block {
		return &block{key: c.freeKey(k, location), under: pick(append(c.of(customObjects, location), ""), n)}
	},
	given: func(b *block, c configuration, _ func() tftypes.Value) map[string]tftypes.Value {
		return map[string]tftypes.Value{"object_key": text(b.objectKey(c)), "name": text(b.key)}
	},
}, calls[sandbox.FieldFolder]{
	of: func(location string, v tftypes.Value) sandbox.FieldFolder {
		return sandbox.FieldFolder{LocationID: location, ID: attribute(v, "id"), ObjectKey: attribute(v, "object_key"), Name: attribute(v, "name")}
	},
	describe: func(d sandbox.FieldFolder) object {
		return object{id: d.ID, key: d.ObjectKey + " " + d.Name, fixed: d.ObjectKey, content: d.Name}
	},
	all: func(s *sandbox.Sandbox, location string) []sandbox.FieldFolder {
		return slices.DeleteFunc(s.FieldFolders().All(location), func(d sandbox.FieldFolder) bool { return strings.HasSuffix(d.Name, firstFolder) })
	},
	remove: func(s *sandbox.Sandbox, location, id string) {
		for _, f := range s.CustomFields().All(location) {
			if f.ParentID == id {
				s.CustomFields().Remove(location, f.ID)
			}
		}
		s.FieldFolders().Remove(location, id)
	},
	spoil: func(d *sandbox.FieldFolder) { d.Name += " of somebody" },
}.on((*sandbox.Sandbox).FieldFolders))

var customFields = newKind(kind{
	name: "ghl_custom_field", thing: "Custom Field", letter: "f", most: 3, by: "key", named: []string{"field_key"}, sends: "name",
	list: sandbox.RouteListCustomFields, create: sandbox.RouteCreateCustomField, get: sandbox.RouteGetCustomField,
	update: sandbox.RouteUpdateCustomField, delete: sandbox.RouteDeleteCustomField,
	data: "ghl_custom_fields", rows: "fields", ofWhat: "object_key", fromWhat: "object_key",
	block: func(k *kind, c configuration, location string, n int) *block {
		folder := pick(c.of(fieldFolders, location), n)
		if folder == "" {
			return nil
		}
		return &block{key: c.freeKey(k, location), under: folder, texts: [2]int{1, 2}}
	},
	given: func(b *block, c configuration, parent func() tftypes.Value) map[string]tftypes.Value {
		return map[string]tftypes.Value{
			"object_key": text(b.objectKey(c)), "key": text(b.key), "name": text(b.label(0)), "data_type": text("TEXT"), "folder_id": parent(),
		}
	},
}, calls[sandbox.CustomField]{
	of: func(location string, v tftypes.Value) sandbox.CustomField {
		objectKey := attribute(v, "object_key")
		return sandbox.CustomField{
			LocationID: location, ID: attribute(v, "id"), ObjectKey: objectKey, FieldKey: objectKey + "." + strings.ToLower(attribute(v, "key")),
			Name: attribute(v, "name"), DataType: "TEXT", ParentID: attribute(v, "folder_id"), ShowInForms: true,
		}
	},
	describe: func(f sandbox.CustomField) object {
		return object{id: f.ID, key: f.FieldKey, fixed: f.FieldKey, content: fmt.Sprintf("%q in %s", f.Name, f.ParentID)}
	},
	all: func(s *sandbox.Sandbox, location string) []sandbox.CustomField {
		return slices.DeleteFunc(s.CustomFields().All(location), func(f sandbox.CustomField) bool { return strings.HasSuffix(f.FieldKey, "."+firstField) })
	},
	spoil: func(f *sandbox.CustomField) { f.Name = "Somebody's" },
}.on((*sandbox.Sandbox).CustomFields))

// objectKey returns the key of the object that a folder or a field belongs to.
func (b *block) objectKey(c configuration) string {
	switch {
	case b.under == "":
		return "business"
	case c[b.under].kind.letter == "o":
		return fullObjectKey(c[b.under].key)
	default:
		return c[b.under].objectKey(c)
	}
}

// wasCascaded reports whether o is a folder or field of a custom object that the current plan
// destroys and creates again under the same key. HighLevel deletes the folder or field together with that
// object. Only the next plan shows the deletion,
// as a warning in the current plan says.
func (w *world) wasCascaded(o object) bool {
	objectKey := o.fixed // of a folder
	if o.kind == customFields {
		objectKey = o.fixed[:strings.LastIndexByte(o.fixed, '.')]
	}
	return (o.kind == customFields || o.kind == fieldFolders) && w.moves[customObjects.name+" "+o.location+" "+objectKey]
}

// lacksCascaded reports whether the next apply must create one of these folders or fields again.
func (w *world) lacksCascaded() bool {
	return slices.ContainsFunc(w.state.addresses(), func(address string) bool {
		i := w.state.get(address)
		return !w.isLive(i) && w.wasCascaded(i.object())
	})
}

// moveFields moves the fields of the configuration into their folders by hand, as the plan's error says. If the plan replaces a
// field's folder, moveFields taints the existing field.
func (w *world) moveFields() (moved bool) {
	if !strings.Contains(w.failures(), "Move the field in HighLevel to the configured folder") {
		return false
	}
	for _, address := range w.config.of(customFields, "") {
		b := w.config[address]
		folder := ""
		must(w.idOf(b.under).As(&folder))
		field := w.there(w.described(b))
		i := w.state.get(address)
		_, present, _ := strings.Cut(field.content, " in ")
		switch {
		case field.id != "" && folder != "" && folder != present:
			w.sandbox.CustomFields().Update(b.location, field.id, func(f *sandbox.CustomField) { f.ParentID = folder })
			moved = true
		case i != nil && field.id != "" && strings.Contains(w.failures(), strconv.Quote(field.fixed)):
			tainted := *i
			tainted.tainted, moved = true, true
			w.state.set(address, &tainted)
		}
	}
	return moved
}

// liftProtection first changes and applies only the deletion_policy of objects that are protected in the state, for example
// after an import. The plan's error says to do so. The objects keep their keys, and no other block may use these keys.
func (w *world) liftProtection() bool {
	if !strings.Contains(w.failures(), "apply that change alone, and plan again") {
		return false
	}
	wanted := w.config
	w.config = maps.Clone(wanted)
	for _, address := range w.state.addresses() {
		i := w.state.get(address)
		if i.kind.kind != customObjects || attribute(i.value, "deletion_policy") != "protect" {
			continue
		}
		key := strings.TrimPrefix(attribute(i.value, "key"), "custom_objects.")
		for _, other := range w.config.of(customObjects, i.location) {
			if w.state.get(other) == nil && strings.EqualFold(w.config[other].key, key) {
				w.config.remove(other)
			}
		}
		if w.config[address] == nil {
			w.config[address] = &block{kind: customObjects, location: i.location, texts: [2]int{1, 2}}
		}
		w.config.change(address, func(b *block) { b.key = key })
	}
	w.newCalls()
	w.applyOnce()
	w.config = wanted
	return true
}

// emptyFolders deletes by hand the fields that would prevent the deletion of their folders. These are all fields that are neither
// in the state nor in the configuration. In folders that will be deleted, they also include fields that are only in the
// configuration.
func (w *world) emptyFolders() {
	wanted, goes := map[string]bool{}, map[string]bool{}
	for _, address := range w.state.addresses() {
		i := w.state.get(address)
		wanted[i.object().key] = true
		b := w.config[address]
		goes[i.object().id] = i.tainted || b == nil || w.described(b).fixed != i.object().fixed
	}
	isConfigured := map[string]bool{}
	for _, address := range w.config.of(customFields, "") {
		isConfigured[w.described(w.config[address]).key] = true
	}
	for _, o := range w.objects() {
		_, folder, _ := strings.Cut(o.content, " in ")
		if o.kind == customFields && !wanted[o.key] && (goes[folder] || !isConfigured[o.key]) {
			o.kind.remove(w.sandbox, o.location, o.id)
		}
	}
}

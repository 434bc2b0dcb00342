package provider

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// movedKind describes how to recognize an object of a kind in the state of a generic
// provider.
type movedKind struct {
	path    string            // of the create
	created *regexp.Regexp    // matches the path after any prefix, and captures the sub-account in it
	names   map[string]string // the fields that identify an object without an id, by attribute
}

func createdAt(path string, names map[string]string) movedKind {
	pattern := "(?:^|/)" + strings.ReplaceAll(path, "{location_id}", "([^/]+)") + `/?(?:\?|$)`
	return movedKind{"/" + path, regexp.MustCompile(pattern), names}
}

// movedKinds are the named kinds, by resource type without "ghl_".
var movedKinds = map[string]movedKind{
	"custom_value":        createdAt("locations/{location_id}/customValues", map[string]string{"name": "name"}),
	"custom_object":       createdAt("objects", map[string]string{"key": "key"}),
	"custom_field":        createdAt("custom-fields", map[string]string{"object_key": "objectKey", "key": "fieldKey"}),
	"custom_field_folder": createdAt("custom-fields/folder", map[string]string{"object_key": "objectKey", "name": "name"}),
}

// MoveState takes over the resources of generic providers. It sets the same attributes as
// an import. It runs before the provider is configured, and makes no call: Read fills in
// the rest, and sets the identity.
func (r *namedResource[M, T]) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.move}}
}

func (m *managed) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	foreign := foreignStateOf(m.form.thing, req, resp)
	if foreign == nil {
		return
	}
	known, why := foreign.named(m.noun)
	if why != "" {
		resp.Diagnostics.Append(foreign.refused(m.form.thing, why))
		return
	}
	resp.Diagnostics.Append(m.begin(ctx, &resp.TargetState, known)...)
}

// named returns the attributes that identify an object of a kind: its sub-account and its
// id, or its name if the state has no id. why explains why a state cannot be used. Only
// the path that created the object shows its kind.
func (f *foreignState) named(noun string) (known map[string]string, why string) {
	kind, path := movedKinds[noun], cmp.Or(f.text("create_path"), f.text("path"))
	found := kind.created.FindStringSubmatch(path)
	if found == nil {
		return nil, createdElsewhere(noun, path)
	}
	known = map[string]string{"location_id": f.locationID()}
	if len(found) > 1 && known["location_id"] == "" {
		known["location_id"], _ = url.PathUnescape(found[1])
	}
	if id := f.objectID(kind); id != "" {
		known["id"] = id
	} else {
		for attribute, field := range kind.names {
			known[attribute] = f.field(field)
		}
	}
	if missing := lacking(known); missing != "" {
		return nil, "lacks what a " + words(noun) + " needs: " + missing
	}
	return known, ""
}

// objectID returns the id of the object, or "". A resource's id may be a path, or another
// attribute that the user chose, such as a key.
func (f *foreignState) objectID(kind movedKind) string {
	id := cmp.Or(f.field("id"), f.id)
	if path := strings.TrimRight(f.text("id"), "/"); id == "" && !kind.created.MatchString(path) {
		id, _ = url.PathUnescape(path[strings.LastIndex(path, "/")+1:])
	}
	if looksLikeKey(id) {
		return ""
	}
	return id
}

// createdElsewhere says that a state contains an object of another kind.
func createdElsewhere(noun, path string) string {
	for other, kind := range movedKinds {
		if kind.created.MatchString(path) {
			return fmt.Sprintf("holds a %s, which must be moved to a ghl_%s", words(other), other)
		}
	}
	return fmt.Sprintf("holds an object that was created at %q. A %s is created at %s", path, words(noun), movedKinds[noun].path)
}

func words(noun string) string { return strings.ReplaceAll(noun, "_", " ") }

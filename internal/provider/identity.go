package provider

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The ids in an import id are percent-decoded, since ids are opaque. A key or a name at
// the end is used unchanged. A key before the ids of records is percent-decoded too.

var (
	associationImport  = idOr("key", "Association")
	customObjectImport = idOr("key", "Custom Object")
	customValueImport  = idOr("name", "Custom Value")
	customFieldImport  = ofObject(idOr("key", "Custom Field"), "key", func(name string) (objectKey, key string, ok bool) {
		dot := strings.LastIndex(name, ".")
		return name[:max(dot, 0)], name[dot+1:], dot > 0
	})
	customFieldFolderImport = ofObject(idOr("name", "Custom Field Folder"), "name", func(name string) (objectKey, folder string, ok bool) {
		return strings.Cut(name, "/")
	})
)

// ofObject returns form for a kind that belongs to an object. The import id contains the
// object's key before the kind's own key or name.
func ofObject(form importForm, attribute string, split func(name string) (objectKey, rest string, ok bool)) importForm {
	full := map[string]string{"key": "<object_key>.<key>", "name": "<object_key>/<name>"}[attribute]
	form.syntax = strings.Replace(form.syntax, attribute+":<"+attribute+">", attribute+":"+full, 1)
	parse := form.parse
	form.parse = func(id string) (map[string]string, error) {
		named, err := parse(id)
		if name := named[attribute]; err == nil && name != "" {
			objectKey, rest, ok := split(name)
			if !ok || objectKey == "" || rest == "" {
				return nil, fmt.Errorf("it contains no object key; the format is %s", form.syntax)
			}
			named["object_key"], named[attribute] = objectKey, rest
		}
		return named, err
	}
	return form
}

// idOr returns the import form of a kind that is imported by id, or by the name or key in
// attribute.
func idOr(attribute, thing string) importForm {
	noun := strings.ToLower(thing)
	syntax := fmt.Sprintf("[<location_id>/]<%s_id> or [<location_id>/]%s:<%[2]s>", strings.ReplaceAll(noun, " ", "_"), attribute)
	return importForm{
		thing: thing, syntax: syntax,
		identity:  identityOf(map[string]string{"id": "Id of the " + noun + "."}),
		partEmpty: "The identity's id is empty. The id must be that of the " + noun + ".",
		parse: func(id string) (map[string]string, error) {
			ref, err := parseObjectID(id, attribute, syntax)
			return ref.attributes(), err
		},
	}
}

// identityOf returns the schema of an identity that consists of the sub-account and the
// described attributes.
func identityOf(descriptions map[string]string) identityschema.Schema {
	attributes := map[string]identityschema.Attribute{
		"location_id": identityschema.StringAttribute{OptionalForImport: true, Description: "Id of the sub-account (location). Default for an import: the provider's location_id, or GHL_LOCATION_ID."},
	}
	for name, description := range descriptions {
		attributes[name] = identityschema.StringAttribute{RequiredForImport: true, Description: description}
	}
	return identityschema.Schema{Attributes: attributes}
}

// idIdentity is the identity of an object whose id never changes.
type idIdentity struct {
	LocationID types.String `tfsdk:"location_id"`
	ID         types.String `tfsdk:"id"`
}

func (r objectRef) identity() idIdentity {
	return idIdentity{LocationID: types.StringValue(r.LocationID), ID: types.StringValue(r.ID)}
}

// relationIdentity is the identity of a relation. It contains the association and the
// records, because the id of a relation changes if somebody deletes the relation and
// creates it again by hand. The records are in the order that HighLevel stores, so the
// identity does not depend on their order in the state.
type relationIdentity struct {
	LocationID     types.String `tfsdk:"location_id"`
	AssociationID  types.String `tfsdk:"association_id"`
	FirstRecordID  types.String `tfsdk:"first_record_id"`
	SecondRecordID types.String `tfsdk:"second_record_id"`
}

// write writes a state, and its identity if the engine supports identities.
func write(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, value, named any) diag.Diagnostics {
	return append(state.Set(ctx, value), setIdentity(ctx, identity, named)...)
}

// setIdentity sets an identity. It does nothing if the engine does not support
// identities.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, value any) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, value)
}

// hasIdentity reports whether the engine sent an identity. Engines before 1.12, and
// states that they wrote, have none.
func hasIdentity(identity *tfsdk.ResourceIdentity) bool {
	return identity != nil && !identity.Raw.IsFullyNull()
}

// objectRef identifies an object in an import, by its id, or by its key or name.
type objectRef struct {
	LocationID string // empty for the provider's default
	ID         string
	By, Name   string // the attribute that identifies the object if the id is not known, and its value
}

// attributes returns the state attributes that an import sets.
func (r objectRef) attributes() map[string]string {
	if r.ID == "" {
		return map[string]string{"location_id": r.LocationID, r.By: r.Name}
	}
	return map[string]string{"location_id": r.LocationID, "id": r.ID}
}

// byName returns r without the id.
func (r objectRef) byName() objectRef {
	r.ID = ""
	return r
}

// importID returns the import id, including the sub-account.
func (r objectRef) importID() string {
	if r.ID == "" {
		return url.PathEscape(r.LocationID) + "/" + r.By + ":" + r.Name
	}
	return url.PathEscape(r.LocationID) + "/" + escapedID(r.ID)
}

// escapedID escapes an id so that it is not parsed as a key or a name.
func escapedID(id string) string {
	escaped := strings.Replace(url.PathEscape(id), ":", "%3A", 1)
	if looksLikeKey(escaped) {
		return fmt.Sprintf("%%%02X%s", escaped[0], escaped[1:])
	}
	return escaped
}

func parseObjectID(id, by, syntax string) (objectRef, error) {
	var ref objectRef
	rest, prefix := id, by+":"
	if location, after, ok := strings.Cut(id, "/"); ok && !strings.HasPrefix(id, prefix) {
		parts, err := decodeIDParts(syntax, location)
		if err != nil {
			return ref, err
		}
		ref.LocationID, rest = parts[0], after
	}
	if name, ok := strings.CutPrefix(rest, prefix); ok {
		ref.By, ref.Name = by, name
		return ref, wholeParts(syntax, name)
	}
	if strings.Contains(rest, "/") {
		return ref, fmt.Errorf("it has too many parts; the format is %s", syntax)
	}
	parts, err := decodeIDParts(syntax, rest)
	ref.ID = parts[0]
	if err == nil && looksLikeKey(rest) {
		err = fmt.Errorf("%q looks like a %[2]s, which must be written as %[3]s; the format is %[4]s", rest, by, harmless(strings.TrimSuffix(id, rest)+prefix+rest), syntax)
	}
	return ref, err
}

var uuid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// looksLikeKey reports whether text looks like a key and not like an id. An association's
// id has 24 hex digits, is a UUID, mixes about twenty digits and letters of both cases,
// or is an upper-case key of the platform. Any other id must be imported by identity, or
// with a percent-encoded character.
func looksLikeKey(text string) bool {
	if strings.Contains(text, "%") || uuid.MatchString(text) || !strings.ContainsFunc(text, unicode.IsLower) {
		return false
	}
	if strings.ContainsAny(text, " _-") {
		return !strings.ContainsFunc(text, unicode.IsUpper) || !strings.ContainsFunc(text, unicode.IsDigit)
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsLower(r) }) && strings.Trim(text, "abcdef") != ""
}

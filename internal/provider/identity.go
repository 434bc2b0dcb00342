package provider

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// Import ids. All parts but a key are percent-decoded, since an id is opaque; a key is the
// rest as it stands.
const (
	associationIDSyntax = "[<location_id>/]<association_id> or [<location_id>/]key:<key>"
	relationIDSyntax    = "[<location_id>/]<association_id>/<first_record_id>/<second_record_id>"
	keyPrefix           = "key:"
)

var associationImport = importForm{
	thing: "Association", syntax: associationIDSyntax,
	identity:  identityOf(map[string]string{"id": "Id of the association."}),
	partEmpty: "The identity's id is empty. It must be the id of the association.",
	parse: func(id string) (map[string]string, error) {
		ref, err := parseAssociationID(id)
		return ref.attributes(), err
	},
}

var relationImport = importForm{
	thing: "Relation", syntax: relationIDSyntax,
	identity: identityOf(map[string]string{
		"association_id":   "Id of the association.",
		"first_record_id":  "Id of the record on the first side, as HighLevel stores the sides.",
		"second_record_id": "Id of the record on the second side.",
	}),
	partEmpty: "A part of the identity is empty. association_id, first_record_id and second_record_id must all be set.",
	parse: func(id string) (map[string]string, error) {
		ref, err := parseRelationID(id)
		return map[string]string{"location_id": ref.LocationID, "association_id": ref.AssociationID, "first_record_id": ref.FirstRecordID, "second_record_id": ref.SecondRecordID}, err
	},
}

// identityOf is an identity of a sub-account and what describes the other attributes.
func identityOf(descriptions map[string]string) identityschema.Schema {
	attributes := map[string]identityschema.Attribute{
		"location_id": identityschema.StringAttribute{OptionalForImport: true, Description: "Id of the sub-account (location). Default for an import: the provider's location_id, or GHL_LOCATION_ID."},
	}
	for name, description := range descriptions {
		attributes[name] = identityschema.StringAttribute{RequiredForImport: true, Description: description}
	}
	return identityschema.Schema{Attributes: attributes}
}

// associationIdentity names an association for good.
type associationIdentity struct {
	LocationID types.String `tfsdk:"location_id"`
	ID         types.String `tfsdk:"id"`
}

// relationIdentity names a relation for good, by what it links: its id changes
// where it is deleted and made again by hand. The records stand in the stored
// order, whatever the order in the state, so that it never changes.
type relationIdentity struct {
	LocationID     types.String `tfsdk:"location_id"`
	AssociationID  types.String `tfsdk:"association_id"`
	FirstRecordID  types.String `tfsdk:"first_record_id"`
	SecondRecordID types.String `tfsdk:"second_record_id"`
}

// write writes a state and its identity, if the engine knows identities.
func write(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, value, named any) diag.Diagnostics {
	return append(state.Set(ctx, value), setIdentity(ctx, identity, named)...)
}

// setIdentity does nothing where there is no identity to set.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, value any) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, value)
}

// hasIdentity tells whether the engine knows an identity: engines before 1.12, and
// states that they wrote, have none.
func hasIdentity(identity *tfsdk.ResourceIdentity) bool {
	return identity != nil && !identity.Raw.IsFullyNull()
}

// associationRef is what an import of an association is given: its id, or its key.
type associationRef struct {
	LocationID string // empty where the provider's default is meant
	ID         string
	Key        string
}

// attributes are what an import sets of the state.
func (r associationRef) attributes() map[string]string {
	if r.ID == "" {
		return map[string]string{"location_id": r.LocationID, "key": r.Key}
	}
	return map[string]string{"location_id": r.LocationID, "id": r.ID}
}

// importID is the import id with the sub-account in it.
func (r associationRef) importID() string {
	if r.ID == "" {
		return url.PathEscape(r.LocationID) + "/" + keyPrefix + r.Key
	}
	return url.PathEscape(r.LocationID) + "/" + escapedID(r.ID)
}

// escapedID writes an id so that it is not read as a key.
func escapedID(id string) string {
	escaped := url.PathEscape(id)
	if rest, ok := strings.CutPrefix(escaped, keyPrefix); ok {
		return "key%3A" + rest
	}
	if looksLikeKey(escaped) {
		return fmt.Sprintf("%%%02X%s", escaped[0], escaped[1:])
	}
	return escaped
}

// relationImportID is the import id with the sub-account in it.
func relationImportID(ref store.RelationRef) string {
	parts := []string{ref.LocationID, ref.AssociationID, ref.FirstRecordID, ref.SecondRecordID}
	for i, part := range parts {
		parts[i] = strings.Replace(url.PathEscape(part), keyPrefix, "key%3A", 1)
	}
	return strings.Join(parts, "/")
}

func parseAssociationID(id string) (associationRef, error) {
	var ref associationRef
	rest := id
	if location, after, ok := strings.Cut(id, "/"); ok && !strings.HasPrefix(id, keyPrefix) {
		parts, err := decodeIDParts(associationIDSyntax, location)
		if err != nil {
			return ref, err
		}
		ref.LocationID, rest = parts[0], after
	}
	if key, ok := strings.CutPrefix(rest, keyPrefix); ok {
		ref.Key = key
		return ref, wholeParts(associationIDSyntax, key)
	}
	if strings.Contains(rest, "/") {
		return ref, fmt.Errorf("it has too many parts; the form is %s", associationIDSyntax)
	}
	parts, err := decodeIDParts(associationIDSyntax, rest)
	ref.ID = parts[0]
	if err == nil && looksLikeKey(rest) {
		err = fmt.Errorf("%q looks like a key, and a key is imported as %s; the form is %s", rest, harmless(strings.TrimSuffix(id, rest)+keyPrefix+rest), associationIDSyntax)
	}
	return ref, err
}

var uuid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// looksLikeKey tells a key from an id, as both are typed. The ids of associations are 24
// hex digits, a UUID, some twenty letters of both cases and digits, or an upper-case key
// of the platform. An odd one is imported by identity, or with a character
// percent-encoded.
func looksLikeKey(text string) bool {
	if strings.Contains(text, "%") || uuid.MatchString(text) || !strings.ContainsFunc(text, unicode.IsLower) {
		return false
	}
	if strings.ContainsAny(text, " _-") {
		return !strings.ContainsFunc(text, unicode.IsUpper) || !strings.ContainsFunc(text, unicode.IsDigit)
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsLower(r) }) && strings.Trim(text, "abcdef") != ""
}

func parseRelationID(id string) (store.RelationRef, error) {
	parts := strings.Split(id, "/")
	if slices.ContainsFunc(parts, func(part string) bool { return strings.HasPrefix(part, keyPrefix) }) {
		return store.RelationRef{}, fmt.Errorf("a relation has no key and its association is named by id, not by key; the form is %s", relationIDSyntax)
	}
	if len(parts) != 3 && len(parts) != 4 {
		return store.RelationRef{}, fmt.Errorf("it has the wrong number of parts; the form is %s", relationIDSyntax)
	}
	parts, err := decodeIDParts(relationIDSyntax, parts...)
	var location string
	if len(parts) == 4 {
		location, parts = parts[0], parts[1:]
	}
	return store.RelationRef{LocationID: location, AssociationID: parts[0], FirstRecordID: parts[1], SecondRecordID: parts[2]}, err
}

// decodeIDParts always returns as many parts as it was given.
func decodeIDParts(syntax string, encoded ...string) ([]string, error) {
	var noID error
	parts := make([]string, len(encoded))
	for i, part := range encoded {
		decoded, err := url.PathUnescape(part)
		if err != nil {
			return parts, fmt.Errorf("its part %q is not percent-encoded correctly; the form is %s, with a percent sign inside an id written as %%25", part, syntax)
		}
		parts[i] = decoded
		if err := ghl.CheckID(decoded); err != nil && noID == nil {
			noID = fmt.Errorf("its part %q %w; the form is %s", part, err, syntax)
		}
	}
	return parts, cmp.Or(wholeParts(syntax, encoded...), noID)
}

// wholeParts refuses parts that are empty, and blanks at their edges, which are typing
// mistakes.
func wholeParts(syntax string, parts ...string) error {
	for _, part := range parts {
		switch {
		case part == "":
			return fmt.Errorf("a part of it is empty; the form is %s", syntax)
		case part != strings.TrimSpace(part):
			return fmt.Errorf("there is a blank around its part %q; the form is %s", part, syntax)
		}
	}
	return nil
}

package provider

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

const recordRelationsSyntax = "[<location_id>/]<association_id>/<record_id>[/first or /second]"

var recordRelationsImport = importForm{
	thing: "Record Relations", syntax: recordRelationsSyntax,
	identity:  recordRelationsIdentitySchema(),
	partEmpty: "A part of the identity is empty. association_id and record_id must both be set.",
	parse: func(id string) (map[string]string, error) {
		ref, err := parseRecordRelationsID(id)
		return map[string]string{"location_id": ref.LocationID, "association_id": ref.AssociationID, "record_id": ref.RecordID, "side": string(ref.Side)}, err
	},
}

func recordRelationsIdentitySchema() identityschema.Schema {
	schema := identityOf(map[string]string{"association_id": "Id of the association.", "record_id": "Id of the record."})
	schema.Attributes["side"] = identityschema.StringAttribute{OptionalForImport: true, Description: "Side that the record is on, if the association links an object with itself: first or second."}
	return schema
}

// recordRelationsImportID is the import id with the sub-account in it.
func recordRelationsImportID(ref store.RecordRef) string {
	parts := []string{ref.LocationID, ref.AssociationID, ref.RecordID}
	for i, part := range parts {
		parts[i] = strings.Replace(url.PathEscape(part), "key:", "key%3A", 1)
	}
	if record := parts[2]; isSide(record) {
		parts[2] = fmt.Sprintf("%%%02X%s", record[0], record[1:])
	}
	if ref.Side != "" {
		parts = append(parts, string(ref.Side))
	}
	return strings.Join(parts, "/")
}

func isSide(part string) bool {
	return part == string(store.FirstSide) || part == string(store.SecondSide)
}

// parseRecordRelationsID takes a last part that names a side for one. An id that reads like
// that is percent-encoded.
func parseRecordRelationsID(id string) (ref store.RecordRef, err error) {
	parts := strings.Split(id, "/")
	if last := len(parts) - 1; last >= 2 && isSide(parts[last]) {
		ref.Side, parts = store.Side(parts[last]), parts[:last]
	}
	switch {
	case slices.ContainsFunc(parts, func(part string) bool { return strings.HasPrefix(part, "key:") }):
		return ref, fmt.Errorf("the association is named by id, not by key; the form is %s", recordRelationsSyntax)
	case len(parts) != 2 && len(parts) != 3:
		return ref, fmt.Errorf("it has the wrong number of parts; the form is %s", recordRelationsSyntax)
	}
	parts, err = decodeIDParts(recordRelationsSyntax, parts...)
	if len(parts) == 3 {
		ref.LocationID, parts = parts[0], parts[1:]
	}
	ref.AssociationID, ref.RecordID = parts[0], parts[1]
	return ref, err
}

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

const recordRelationsSyntax = "[<location_id>/]<association_id>/<record_id>[/first or /second] or [<location_id>/]key:<association_key>/<record_id>[/first or /second]"

var recordRelationsImport = importForm{
	thing: "Record Relations", syntax: recordRelationsSyntax,
	identity:  recordRelationsIdentitySchema(),
	partEmpty: "A part of the identity is empty. association_id and record_id must both be set.",
	parse: func(id string) (map[string]string, error) {
		name, err := parseRecordRelationsID(id)
		return name.attributes(), err
	},
}

func recordRelationsIdentitySchema() identityschema.Schema {
	schema := identityOf(map[string]string{"association_id": "Id of the association.", "record_id": "Id of the record."})
	schema.Attributes["side"] = identityschema.StringAttribute{OptionalForImport: true, Description: "Side that the record is on, if the association links an object with itself: first or second."}
	return schema
}

// recordRelationsName identifies the relations of a record in an import.
type recordRelationsName struct {
	store.RecordRef        // an empty LocationID means the provider's default
	AssociationKey  string // identifies the association if its id is not known
}

// attributes returns the state attributes that an import sets.
func (n recordRelationsName) attributes() map[string]string {
	return map[string]string{
		"location_id": n.LocationID, "association_id": n.AssociationID, "association_key": n.AssociationKey, "record_id": n.RecordID, "side": string(n.Side),
	}
}

// importID returns the import id, including the sub-account.
func (n recordRelationsName) importID() string {
	id := recordsName{n.LocationID, n.AssociationID, n.AssociationKey, []string{n.RecordID}}.importID()
	if isSide(n.RecordID) {
		id = fmt.Sprintf("%s%%%02X%s", strings.TrimSuffix(id, n.RecordID), n.RecordID[0], n.RecordID[1:])
	}
	if n.Side != "" {
		id += "/" + string(n.Side)
	}
	return id
}

func isSide(part string) bool {
	return part == string(store.FirstSide) || part == string(store.SecondSide)
}

// parseRecordRelationsID parses an import id. If the last part is "first" or "second", it
// is the side. A record id that is one of these words must be percent-encoded.
func parseRecordRelationsID(id string) (recordRelationsName, error) {
	var side store.Side
	parts := strings.Split(id, "/")
	if last := len(parts) - 1; last >= 2 && isSide(parts[last]) {
		side, parts = store.Side(parts[last]), parts[:last]
	}
	n, err := parseRecords(recordRelationsSyntax, parts, 1)
	ref := store.RecordRef{LocationID: n.locationID, AssociationID: n.associationID, RecordID: n.records[0], Side: side}
	return recordRelationsName{ref, n.associationKey}, err
}

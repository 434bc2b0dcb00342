package provider

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

const relationIDSyntax = "[<location_id>/]<association_id>/<first_record_id>/<second_record_id> or [<location_id>/]key:<association_key>/<first_record_id>/<second_record_id>"

var relationImport = importForm{
	thing: "Relation", syntax: relationIDSyntax,
	identity: identityOf(map[string]string{
		"association_id":   "Id of the association.",
		"first_record_id":  "Id of the record on the first side, as HighLevel stores the sides.",
		"second_record_id": "Id of the record on the second side.",
	}),
	partEmpty: "A part of the identity is empty. association_id, first_record_id and second_record_id must all be set.",
	parse: func(id string) (map[string]string, error) {
		name, err := parseRelationID(id)
		return name.attributes(), err
	},
}

// relationName identifies a relation in an import.
type relationName struct {
	store.RelationRef        // an empty LocationID means the provider's default
	AssociationKey    string // identifies the association if its id is not known
}

// attributes returns the state attributes that an import sets.
func (n relationName) attributes() map[string]string {
	return map[string]string{
		"location_id": n.LocationID, "association_id": n.AssociationID, "association_key": n.AssociationKey,
		"first_record_id": n.FirstRecordID, "second_record_id": n.SecondRecordID,
	}
}

func (n relationName) importID() string {
	return recordsName{n.LocationID, n.AssociationID, n.AssociationKey, []string{n.FirstRecordID, n.SecondRecordID}}.importID()
}

func parseRelationID(id string) (relationName, error) {
	n, err := parseRecords(relationIDSyntax, strings.Split(id, "/"), 2)
	ref := store.RelationRef{LocationID: n.locationID, AssociationID: n.associationID, FirstRecordID: n.records[0], SecondRecordID: n.records[1]}
	return relationName{ref, n.associationKey}, err
}

// recordsName has the parts of an import id of records under an association.
type recordsName struct {
	locationID, associationID, associationKey string
	records                                   []string
}

// importID returns the import id, including the sub-account. It contains the
// association's key if the association's id is not known.
func (n recordsName) importID() string {
	association := escapedID(n.associationID)
	if n.associationID == "" {
		association = "key:" + url.PathEscape(n.associationKey)
	}
	parts := []string{escapedPart(n.locationID), association}
	for _, record := range n.records {
		parts = append(parts, escapedPart(record))
	}
	return strings.Join(parts, "/")
}

func escapedPart(id string) string {
	return strings.Replace(url.PathEscape(id), "key:", "key%3A", 1)
}

// parseRecords parses the parts of an import id with this number of records. Even with an
// error, it returns that many records.
func parseRecords(syntax string, parts []string, records int) (recordsName, error) {
	none := recordsName{records: make([]string, records)}
	at := len(parts) - records - 1 // the association's
	for i, part := range parts {
		if strings.HasPrefix(part, "key:") && i != at {
			return none, fmt.Errorf("only the association can be specified by key, directly before %s, and a slash in the key is written as %%2F; the format is %s",
				[]string{"", "the record", "the two records"}[records], syntax)
		}
	}
	if at != 0 && at != 1 {
		return none, fmt.Errorf("it has the wrong number of parts; the format is %s", syntax)
	}
	association := parts[at]
	key, isKey := strings.CutPrefix(association, "key:")
	if isKey {
		parts[at] = "-" // decoded separately: a key may contain characters that ids cannot
	}
	ids, err := decodeIDParts(syntax, parts...)
	name := recordsName{associationID: ids[at], records: ids[at+1:]}
	if at == 1 {
		name.locationID = ids[0]
	}
	switch {
	case isKey:
		decoded, noKey := decodeIDPart(syntax, key)
		name.associationID, name.associationKey = "", decoded
		err = cmp.Or(err, noKey, wholeParts(syntax, decoded))
	case err == nil && looksLikeKey(association):
		err = fmt.Errorf("%q looks like a key, which must be written as key:%s; the format is %s", association, harmless(association), syntax)
	}
	return name, err
}

package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// quirkFlags defines a flag for each quirk.
func quirkFlags(flags *flag.FlagSet, q *sandbox.Quirks) {
	choice(flags, &q.ObjectKeyAnswer, "object-key-answer", "form of the answer to the listing by object key",
		sandbox.ObjectKeyWrapped, sandbox.ObjectKeyArray, sandbox.ObjectKeySingle)
	choice(flags, &q.SystemRows, "system-rows", "position of the system-defined associations in the listing",
		sandbox.SystemRowsOnce, sandbox.SystemRowsFirst, sandbox.SystemRowsEveryPage)
	choice(flags, &q.UpdateAnswer, "update-answer", "answer to an update",
		sandbox.UpdateRow, sandbox.UpdateNone, sandbox.UpdateSuccess)
	choice(flags, &q.DeletionAnswer, "deletion-answer", "answer to a deletion",
		sandbox.DeletionFull, sandbox.DeletionEmpty, sandbox.DeletionObject, sandbox.DeletionSuccess, sandbox.DeletionText)
	choice(flags, &q.StoredKeys, "stored-keys", "how the keys of associations are stored",
		sandbox.KeysLower, sandbox.KeysTrimmed, sandbox.KeysSlugged)
	choice(flags, &q.StoredLabels, "stored-labels", "how labels are stored",
		sandbox.LabelsAsSent, sandbox.LabelsTrimmed, sandbox.LabelsEscaped, sandbox.LabelsNFD)
	choice(flags, &q.StoredObjectKeys, "stored-object-keys", "how the object keys of associations are stored",
		sandbox.ObjectKeysAsSent, sandbox.ObjectKeysLower, sandbox.ObjectKeysUpper)
	choice(flags, &q.DeletedRecordListing, "deleted-record-listing", "answer to the listing of a deleted record",
		sandbox.DeletedListingEmpty, sandbox.DeletedListing404, sandbox.DeletedListing400)
	choice(flags, &q.DeletedRecordRelations, "deleted-record-relations", "what happens to the relations of a deleted record",
		sandbox.DeletedRelationsLeft, sandbox.DeletedRelationsGone)
	flags.BoolVar(&q.WrapObjects, "wrap-objects", false, `return {"association": {…}} and {"relation": {…}} instead of the bare object, and all other kinds without their wrapper`)
	flags.BoolVar(&q.BareLists, "bare-lists", false, "return lists as bare arrays, without a total")
	flags.BoolVar(&q.UnknownFields, "unknown-fields", false, "add unknown fields to every object")
	flags.BoolVar(&q.NoTotal, "no-total", false, "return lists without a total")
	flags.BoolVar(&q.TotalUserDefinedOnly, "total-user-defined-only", false, "count only user-defined associations in the total")
	flags.BoolVar(&q.CompanyCount, "company-count", false, "count all sub-accounts of the company, even if the list is filtered")
	flags.IntVar(&q.PageCap, "page-cap", 0, "maximum `rows` on a page, regardless of the requested limit; 0 means 100")
	flags.IntVar(&q.Window, "window", 0, "maximum `rows` in the listing of a record's relations, also for its total; 0 means no limit")
	flags.BoolVar(&q.TotalOfPage, "total-of-page", false, "return the number of rows on the page as the total")
	flags.BoolVar(&q.RichRows, "rich-rows", false, "include cardinalities, limits and a traceId in the rows")
	flags.BoolVar(&q.MissingIs404, "missing-is-404", false, "return 404 instead of 400 for a missing association")
	flags.BoolVar(&q.MissingRelationIs400, "missing-relation-is-400", false, "return 400 instead of 404 for a missing relation")
	flags.BoolVar(&q.V3Exchange, "v3-exchange", false, "use camelCase in the answers of /oauth under Version v3")
	flags.BoolVar(&q.WrongVersionIs401, "wrong-version-is-401", false, "return 401 instead of 400 for an unknown Version")
	flags.BoolVar(&q.KeepSides, "keep-sides", false, "store the sides of associations as sent")
	flags.BoolVar(&q.LabelsStay, "labels-stay", false, "do not swap the labels when the sides are swapped")
	flags.IntVar(&q.LabelLength, "label-length", 0, "maximum `characters` of a label, which is truncated to this length; 0 means no limit")
	flags.BoolVar(&q.LabelPairsRepeat, "label-pairs-repeat", false, "accept a second association with the same pair of labels for the same two objects")
	flags.BoolVar(&q.LabelPairFirst, "label-pair-first", false, "if both the key and the labels are taken, report the labels")
	flags.BoolVar(&q.OneSided, "one-sided", false, "list relations under system-defined associations only at the contact")
	flags.BoolVar(&q.SamePairReversed, "same-pair-reversed", false, "store the two records of a relation between records of one object in reverse order")
	flags.BoolVar(&q.ReversedPairAllowed, "reversed-pair-allowed", false, "accept (B, A) after (A, B) between records of one object")
	flags.IntVar(&q.MaxLabelsPerPair, "max-labels-per-pair", 0, "maximum `associations` between two objects; 0 means no limit")
	flags.IntVar(&q.MaxRelationsPerSide, "max-relations-per-side", 0, "maximum `relations` of a record per association; 0 means no limit")
	flags.DurationVar(&q.ListingLag, "listing-lag", 0, "`time` for which a new relation is missing from listings")
	flags.BoolVar(&q.RelationsWithoutObjectKeys, "relations-without-object-keys", false, "omit the object keys from relations")
	modelFlags(flags, q)
}

// modelFlags defines a flag for each quirk of objects, custom fields, records and custom values.
func modelFlags(flags *flag.FlagSet, q *sandbox.Quirks) {
	choice(flags, &q.DuplicateValueNames, "duplicate-value-names", "what happens to a new custom value whose name is taken",
		sandbox.ValueNamesAllowed, sandbox.ValueNamesSuffixed, sandbox.ValueNamesRefused)
	flags.BoolVar(&q.MissingKindIs400, "missing-kind-is-400", false, "return 400 instead of 404 for anything missing, except associations and relations")
	flags.BoolVar(&q.TakenObjectKeysSuffixed, "taken-object-keys-suffixed", false, "add a suffix to the key of a new object if the key is taken")
	flags.IntVar(&q.MaxObjects, "max-objects", 0, "maximum `custom objects` of a sub-account; 0 means 10")
	flags.IntVar(&q.StaleObjects, "stale-objects", 0, "number of `lookups` of a changed object that still return its former state")
	flags.IntVar(&q.StaleObjectLists, "stale-object-lists", 0, "number of `lists` of objects after a write that still show the former state")
	flags.BoolVar(&q.StrictObjects, "strict-objects", false, "refuse associations between objects that do not exist")
	flags.BoolVar(&q.FormatsAnsweredAsText, "formats-answered-as-text", false, "return the accepted formats of a field as one string")
	flags.BoolVar(&q.FormatsTakenAsText, "formats-taken-as-text", false, "accept the formats of a field only as one string")
	flags.BoolVar(&q.OptionKeysRefusedOnUpdate, "option-keys-refused-on-update", false, "refuse updates of fields that include the keys of options")
	flags.BoolVar(&q.FoldersWrapped, "folders-wrapped", false, `return folders as {"folder": {…}}`)
	flags.BoolVar(&q.FullFoldersGo, "full-folders-go", false, "delete a folder together with its fields instead of refusing")
	flags.BoolVar(&q.CustomObjectRecords, "custom-object-records", false, "return search results in customObjectRecords instead of records")
	flags.DurationVar(&q.RecordLag, "record-lag", 0, "`time` for which a new record is missing from searches")
	flags.BoolVar(&q.FuzzySearch, "fuzzy-search", false, "also find records that contain the value, in upper or lower case")
	flags.BoolVar(&q.EmptyValuesRefused, "empty-values-refused", false, "refuse empty custom values")
	flags.BoolVar(&q.CreateValueIs200, "create-value-is-200", false, "return 200 instead of 201 for a new custom value")
}

// choice defines a flag that accepts one of several words. The first is the default.
func choice(flags *flag.FlagSet, to *string, name, usage string, words ...string) {
	all := strings.Join(words, ", ")
	flags.Func(name, fmt.Sprintf("%s: one of %s (default %s)", usage, all, words[0]), func(word string) error {
		if !slices.Contains(words, word) {
			return fmt.Errorf("must be one of %s", all)
		}
		*to = word
		return nil
	})
}

package sandbox

import "time"

// Values of [Quirks.ObjectKeyAnswer], the form of the answer to the listing by object key.
const (
	ObjectKeyWrapped = "wrapped" // {"associations": [A…]}, the default
	ObjectKeyArray   = "array"   // [A…]
	ObjectKeySingle  = "single"  // A, the first association that fits; not found if none fits
)

// Values of [Quirks.SystemRows], the position of the system-defined rows in the association listing.
const (
	SystemRowsOnce      = "once"       // after the user-defined rows, counted by skip and limit; the default
	SystemRowsFirst     = "first"      // before the user-defined rows, counted by skip and limit
	SystemRowsEveryPage = "every-page" // before the rows of each page, not counted by skip and limit
)

// Values of [Quirks.StoredKeys], the stored form of the key of a new association.
const (
	KeysLower   = "lower"   // in lower case, the default
	KeysTrimmed = "trimmed" // in lower case, without leading and trailing white space
	KeysSlugged = "slugged" // like trimmed, with an underscore for each run of white space and punctuation
)

// Values of [Quirks.StoredLabels], the stored form of labels.
const (
	LabelsAsSent  = "as-sent" // the default
	LabelsTrimmed = "trimmed" // without leading and trailing white space
	LabelsEscaped = "escaped" // &, <, > and quotes as HTML entities
	LabelsNFD     = "nfd"     // letters and accents as separate characters
)

// Values of [Quirks.StoredObjectKeys], the stored form of the object keys of a new association.
const (
	ObjectKeysAsSent = "as-sent" // the default
	ObjectKeysLower  = "lower"
	ObjectKeysUpper  = "upper"
)

// Values of [Quirks.UpdateAnswer], the answer to a successful update.
const (
	UpdateRow     = "row"     // the association, the default
	UpdateNone    = "none"    // 204, no body
	UpdateSuccess = "success" // {"success":true}
)

// Values of [Quirks.DeletionAnswer], the answer to a successful deletion.
const (
	DeletionFull    = "full"    // {"deleted":true,"id":…,"message":…}, the default
	DeletionEmpty   = "empty"   // no body
	DeletionObject  = "object"  // {}
	DeletionSuccess = "success" // {"success":true}
	DeletionText    = "text"    // text that is not JSON
)

// Values of [Quirks.DeletedRecordListing], the answer to the relation listing of a deleted record.
const (
	DeletedListingEmpty = "empty" // 200 and no rows, the default
	DeletedListing404   = "404"
	DeletedListing400   = "400"
)

// Values of [Quirks.DeletedRecordRelations], the effect of deleting a record on its relations.
const (
	DeletedRelationsLeft = "left" // the other record still lists the relations, the default
	DeletedRelationsGone = "gone"
)

// Values of [Quirks.DuplicateValueNames], the effect of creating a custom value whose name, and therefore whose key, is taken.
const (
	ValueNamesAllowed  = "allowed"  // both custom values have the same key, the default
	ValueNamesSuffixed = "suffixed" // the key of the new custom value ends in _1, _2 and so on
	ValueNamesRefused  = "refused"  // 400; if only the key is taken, the new key gets a suffix
)

// Quirks selects behaviours of the API that are uncertain or rare. The zero value of each field is the most likely behaviour.
type Quirks struct {
	ObjectKeyAnswer string // ObjectKeyWrapped (also ""), ObjectKeyArray or ObjectKeySingle
	WrapObjects     bool   // associations and relations are wrapped, as {"association": {…}} and {"relation": {…}}, and all other kinds are not
	BareLists       bool   // both listings are bare arrays, without a total
	UnknownFields   bool   // every object contains fields that no API reference mentions
	RichRows        bool   // associations contain cardinalities and limits, and every row contains a traceId

	NoTotal              bool   // the listings contain no total
	TotalUserDefinedOnly bool   // the total of the association listing does not count system-defined rows
	TotalOfPage          bool   // the total is the number of rows on the page
	SystemRows           string // SystemRowsOnce (also ""), SystemRowsFirst or SystemRowsEveryPage
	PageCap              int    // maximum rows on a page, regardless of the requested limit; 0 means 100. For relations, a limit over 100 still returns 422
	Window               int    // maximum rows in the listing of a record's relations, also for its total; 0 means no limit

	MissingIs404         bool   // a missing association returns 404 instead of 400
	MissingRelationIs400 bool   // a missing relation returns 400 instead of 404
	UpdateAnswer         string // UpdateRow (also ""), UpdateNone or UpdateSuccess
	DeletionAnswer       string // DeletionFull (also ""), DeletionEmpty, DeletionObject, DeletionSuccess or DeletionText

	KeepSides        bool   // sides are stored as sent, instead of in ascending byte order of the object keys
	LabelsStay       bool   // if the sides are swapped, the labels are not swapped with them
	StoredKeys       string // KeysLower (also ""), KeysTrimmed or KeysSlugged
	StoredLabels     string // LabelsAsSent (also ""), LabelsTrimmed, LabelsEscaped or LabelsNFD
	LabelLength      int    // maximum characters of a label, which is truncated to this length; 0 means no limit
	StoredObjectKeys string // ObjectKeysAsSent (also ""), ObjectKeysLower or ObjectKeysUpper

	CompanyCount      bool // the count in an agency's list includes all its sub-accounts, regardless of the filters in the query
	V3Exchange        bool // under Version v3, the answers of the routes for agencies use camelCase, and their errors have another form
	WrongVersionIs401 bool // an unknown Version returns 401 instead of 400

	LabelPairsRepeat    bool // associations of the same two objects may have the same pair of labels
	LabelPairFirst      bool // if both the key and the pair of labels are taken, the error is about the labels
	ReversedPairAllowed bool // (B, A) is not a duplicate of (A, B) under an association of an object with itself
	SamePairReversed    bool // the two records of a relation between records of one object are stored in reverse order
	MaxLabelsPerPair    int  // maximum user-defined associations between two objects; 0 means no limit
	MaxRelationsPerSide int  // maximum relations of one record under one association; 0 means no limit

	OneSided                   bool          // relations under system-defined associations are listed only at the contact
	DeletedRecordListing       string        // DeletedListingEmpty (also ""), DeletedListing404 or DeletedListing400
	DeletedRecordRelations     string        // DeletedRelationsLeft (also "") or DeletedRelationsGone; applies when a record is deleted
	ListingLag                 time.Duration // time for which a new relation is missing from listings
	RelationsWithoutObjectKeys bool          // relations do not contain firstObjectKey and secondObjectKey

	MissingKindIs400        bool // anything missing, except associations and relations, returns 400 instead of 404
	TakenObjectKeysSuffixed bool // if the key of a new object is taken, the key gets a suffix, instead of a 400
	MaxObjects              int  // maximum custom objects of a sub-account; 0 means 10
	StaleObjects            int  // number of lookups of a changed or deleted object that still return its former state, with "cache": true
	StaleObjectLists        int  // number of lists of objects after a write that still show the former state
	StrictObjects           bool // associations can be created only between objects that exist

	FormatsAnsweredAsText     bool // the acceptedFormats of a field are returned as one string instead of a list
	FormatsTakenAsText        bool // the acceptedFormats of a field are accepted only as one string
	OptionKeysRefusedOnUpdate bool // an update of a field's options must omit their keys; the labels identify the options
	FoldersWrapped            bool // folders are returned as {"folder": {…}}
	FullFoldersGo             bool // a folder is deleted together with its fields, instead of a 400. Both behaviours are unproven

	CustomObjectRecords bool          // a search returns {"customObjectRecords": […]} instead of {"records": […]}
	RecordLag           time.Duration // time for which a new record is missing from searches
	FuzzySearch         bool          // a search for a value also finds records that contain it, in upper or lower case

	DuplicateValueNames string // ValueNamesAllowed (also ""), ValueNamesSuffixed or ValueNamesRefused
	EmptyValuesRefused  bool   // the text of a custom value must not be empty
	CreateValueIs200    bool   // the creation of a custom value returns 200 instead of 201
}

// maxPage is the maximum number of rows on a page, and the largest limit that the relation listing accepts.
const maxPage = 100

func (q Quirks) pageCap() int {
	if q.PageCap > 0 {
		return q.PageCap
	}
	return maxPage
}

package sandbox

import "time"

// How the listing by object key is answered: [Quirks.ObjectKeyAnswer].
const (
	ObjectKeyWrapped = "wrapped" // {"associations": [A…]}, the default
	ObjectKeyArray   = "array"   // [A…]
	ObjectKeySingle  = "single"  // A, the first that fits; none: not found
)

// Where the association listing has the system-defined rows: [Quirks.SystemRows].
const (
	SystemRowsOnce      = "once"       // after the user-defined rows, counted by skip and limit; the default
	SystemRowsFirst     = "first"      // before the user-defined rows, counted by skip and limit
	SystemRowsEveryPage = "every-page" // before the rows of each page, counted by neither
)

// How the key of a new association is stored: [Quirks.StoredKeys].
const (
	KeysLower   = "lower"   // in lower case, the default
	KeysTrimmed = "trimmed" // in lower case, without white space at its ends
	KeysSlugged = "slugged" // like trimmed, with an underscore for each run of white space and punctuation
)

// How labels are stored: [Quirks.StoredLabels].
const (
	LabelsAsSent  = "as-sent" // the default
	LabelsTrimmed = "trimmed" // without white space at their ends
	LabelsEscaped = "escaped" // &, <, > and quotes as HTML entities
	LabelsNFD     = "nfd"     // letters and accents as separate characters
)

// How the object keys of a new association are stored: [Quirks.StoredObjectKeys].
const (
	ObjectKeysAsSent = "as-sent" // the default
	ObjectKeysLower  = "lower"
	ObjectKeysUpper  = "upper"
)

// How a successful update is answered: [Quirks.UpdateAnswer].
const (
	UpdateRow     = "row"     // the association, the default
	UpdateNone    = "none"    // 204, no body
	UpdateSuccess = "success" // {"success":true}
)

// How a successful deletion is answered: [Quirks.DeletionAnswer].
const (
	DeletionFull    = "full"    // {"deleted":true,"id":…,"message":…}, the default
	DeletionEmpty   = "empty"   // no body
	DeletionObject  = "object"  // {}
	DeletionSuccess = "success" // {"success":true}
	DeletionText    = "text"    // text that is not JSON
)

// How the listing of a deleted record is answered: [Quirks.DeletedRecordListing].
const (
	DeletedListingEmpty = "empty" // 200 and no rows, the default
	DeletedListing404   = "404"
	DeletedListing400   = "400"
)

// What happens to the relations of a deleted record: [Quirks.DeletedRecordRelations].
const (
	DeletedRelationsLeft = "left" // the other end still lists them, the default
	DeletedRelationsGone = "gone"
)

// What happens to a new custom value whose name, and so whose key, is taken: [Quirks.DuplicateValueNames].
const (
	ValueNamesAllowed  = "allowed"  // both have the key, the default
	ValueNamesSuffixed = "suffixed" // the key of the new one ends in _1, _2 and so on
	ValueNamesRefused  = "refused"  // 400; a key that is taken without its name gets a suffix
)

// Quirks select among behaviours of the API that are doubtful, rare or both. The zero value is the likeliest of each.
type Quirks struct {
	ObjectKeyAnswer string // ObjectKeyWrapped (also ""), ObjectKeyArray or ObjectKeySingle
	WrapObjects     bool   // {"association": {…}} and {"relation": {…}} have that wrapper, and all other kinds lose theirs
	BareLists       bool   // both listings are answered as […], and so without total
	UnknownFields   bool   // every object carries fields that no reference mentions
	RichRows        bool   // associations have their cardinalities and limits, and every row carries a traceId

	NoTotal              bool   // the listings carry no total
	TotalUserDefinedOnly bool   // the total of the association listing leaves system-defined rows out
	TotalOfPage          bool   // the total is the number of rows on the page
	SystemRows           string // SystemRowsOnce (also ""), SystemRowsFirst or SystemRowsEveryPage
	PageCap              int    // maximum rows on a page, regardless of limit; 0 means 100. For relations, a limit over 100 is still a 422
	Window               int    // maximum rows that the listing of a record's relations and its total cover; 0 means no limit

	MissingIs404         bool   // a missing association is 404 instead of 400
	MissingRelationIs400 bool   // a missing relation is 400 instead of 404
	UpdateAnswer         string // UpdateRow (also ""), UpdateNone or UpdateSuccess
	DeletionAnswer       string // DeletionFull (also ""), DeletionEmpty, DeletionObject, DeletionSuccess or DeletionText

	KeepSides        bool   // sides are stored as sent, instead of in ascending byte order of the object keys
	LabelsStay       bool   // when sides are swapped, the labels stay in their position instead of following their object
	StoredKeys       string // KeysLower (also ""), KeysTrimmed or KeysSlugged
	StoredLabels     string // LabelsAsSent (also ""), LabelsTrimmed, LabelsEscaped or LabelsNFD
	LabelLength      int    // maximum characters of a label, which is cut there; 0 means no limit
	StoredObjectKeys string // ObjectKeysAsSent (also ""), ObjectKeysLower or ObjectKeysUpper

	CompanyCount      bool // the count of an agency's list includes all its sub-accounts, regardless of the query's filters
	V3Exchange        bool // under Version v3 the routes for agencies answer in camelCase, and errors in an envelope of their own
	WrongVersionIs401 bool // an unknown Version is 401 instead of 400

	LabelPairsRepeat    bool // associations of the same two objects may have the same pair of labels
	LabelPairFirst      bool // if both the key and the pair of labels are taken, the refusal is about the labels
	ReversedPairAllowed bool // (B, A) after (A, B), under an association of one object with itself, is no duplicate
	SamePairReversed    bool // the two records of a relation between records of one object are stored the other way round
	MaxLabelsPerPair    int  // maximum user-defined associations of one pair of objects; 0 means no limit
	MaxRelationsPerSide int  // maximum relations of one record under one association; 0 means no limit

	OneSided                   bool          // relations under system-defined associations are listed at the contact only
	DeletedRecordListing       string        // DeletedListingEmpty (also ""), DeletedListing404 or DeletedListing400
	DeletedRecordRelations     string        // DeletedRelationsLeft (also "") or DeletedRelationsGone, as of the deletion
	ListingLag                 time.Duration // a new relation is missing from listings for that long
	RelationsWithoutObjectKeys bool          // relations come without firstObjectKey and secondObjectKey

	MissingKindIs400        bool // anything missing, except associations and relations, is 400 instead of 404
	TakenObjectKeysSuffixed bool // a new object whose key is taken gets a key with a suffix, instead of a 400
	MaxObjects              int  // maximum custom objects of a sub-account; 0 means 10
	StaleObjects            int  // number of lookups of a changed or deleted object that get the former answer, with "cache": true
	StaleObjectLists        int  // number of lists of objects that are as before a write
	StrictObjects           bool // associations are made only between objects that exist

	FormatsAnsweredAsText     bool // the acceptedFormats of a field are answered as one text, instead of a list
	FormatsTakenAsText        bool // the acceptedFormats of a field are accepted only as one text
	OptionKeysRefusedOnUpdate bool // an update of a field's options must omit their keys; their labels identify them
	FoldersWrapped            bool // folders are answered as {"folder": {…}}
	FullFoldersGo             bool // a folder is deleted with its fields, instead of a 400. Both are unproven

	CustomObjectRecords bool          // a search answers {"customObjectRecords": […]} instead of {"records": […]}
	RecordLag           time.Duration // a new record is missing from searches for that long
	FuzzySearch         bool          // a search for a value also finds records that contain it, in upper or lower case

	DuplicateValueNames string // ValueNamesAllowed (also ""), ValueNamesSuffixed or ValueNamesRefused
	EmptyValuesRefused  bool   // a custom value must have a text
	CreateValueIs200    bool   // a new custom value is answered with 200 instead of 201
}

// maxPage is the most rows that the API puts on a page, and the largest limit that the relation listing takes.
const maxPage = 100

func (q Quirks) pageCap() int {
	if q.PageCap > 0 {
		return q.PageCap
	}
	return maxPage
}

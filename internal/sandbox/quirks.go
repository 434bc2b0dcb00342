package sandbox

import "time"

// How the listing by object key is answered: [Quirks.ObjectKeyAnswer].
const (
	ObjectKeyWrapped = "wrapped" // {"associations": [A…]}, the default
	ObjectKeyArray   = "array"   // [A…]
	ObjectKeySingle  = "single"  // A, the first that fits; none: not found
)

// Where system-defined rows stand in the association listing: [Quirks.SystemRows].
const (
	SystemRowsOnce      = "once"       // ahead of the user-defined rows, counted by skip and limit; the default
	SystemRowsEveryPage = "every-page" // ahead of the rows of each page, counted by neither
)

// What the listing of a deleted record answers: [Quirks.DeletedRecordListing].
const (
	DeletedListingEmpty = "empty" // 200 and no rows, the default
	DeletedListing404   = "404"
	DeletedListing400   = "400"
)

// What becomes of a deleted record's relations: [Quirks.DeletedRecordRelations].
const (
	DeletedRelationsLeft = "left" // the other end still lists them, the default
	DeletedRelationsGone = "gone"
)

// Quirks select among behaviours of the API that are doubtful, rare or both. The zero value is the likeliest of each.
type Quirks struct {
	ObjectKeyAnswer string // ObjectKeyWrapped (also ""), ObjectKeyArray or ObjectKeySingle
	WrapObjects     bool   // single objects are answered as {"association": {…}} or {"relation": {…}}
	BareLists       bool   // both listings are answered as […], thus without total
	UnknownFields   bool   // every object carries fields that no reference mentions

	NoTotal              bool   // the listings carry no total
	TotalUserDefinedOnly bool   // the total of the association listing leaves system-defined rows out
	SystemRows           string // SystemRowsOnce (also "") or SystemRowsEveryPage
	PageCap              int    // most rows on a page, whatever limit says; 0 is 100. A limit over 100 for relations stays a 422

	MissingIs400   bool // a missing association or relation is 400 "… not found" instead of 404
	EmptyDeletions bool // the deletion of a relation answers without a body

	KeepSides  bool // sides are stored as sent, instead of in ascending byte order of the object keys
	LabelsStay bool // when sides are swapped, the labels stay in their position instead of following their object

	CompanyCount bool // the count beside an agency's list tells all its sub-accounts, whatever the query filters

	ReversedPairAllowed bool // (B, A) after (A, B), under an association of one object with itself, is no duplicate
	MaxLabelsPerPair    int  // most user-defined associations of one pair of objects; 0 is no limit
	MaxRelationsPerSide int  // most relations of one record under one association; 0 is no limit

	DeletedRecordListing       string        // DeletedListingEmpty (also ""), DeletedListing404 or DeletedListing400
	DeletedRecordRelations     string        // DeletedRelationsLeft (also "") or DeletedRelationsGone, as of the deletion
	ListingLag                 time.Duration // a new relation is missing from listings for that long
	RelationsWithoutObjectKeys bool          // relations come without firstObjectKey and secondObjectKey
}

// maxPage is the most rows that the API puts on a page, and the largest limit that the relation listing takes.
const maxPage = 100

func (q Quirks) pageCap() int {
	if q.PageCap > 0 {
		return q.PageCap
	}
	return maxPage
}

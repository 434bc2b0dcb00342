package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

// RecordQuery describes a record to find: the contact with an e-mail address or a phone
// number, or the record of an object that has a value in a property.
type RecordQuery struct {
	LocationID      string
	Email, Phone    string
	ObjectKey       string // the full key, as ObjectKey returns it
	Property, Value string // Property is the short name of the property
}

// SeveralRecordsError means that several records have the value of a query.
type SeveralRecordsError struct {
	Count   int
	AtLeast bool // more records may have the value
}

func (e *SeveralRecordsError) Error() string { return fmt.Sprintf("%d records fit", e.Count) }

// ErrInexactSearch means that a search found too many records with other values: a record
// with the value may be among those that were not read.
var ErrInexactSearch = errors.New("the search is not exact")

// Record finds the id of a record. If exactly one record matches, Record caches its id, so
// that equal queries are sent once. No other answer is cached. If no record matches, Record
// searches again until lag has passed, because HighLevel's search may lag; then the error
// is ErrNotFound. If several records match, the error is a *SeveralRecordsError, except for
// contacts: HighLevel does not report that several match. The error can also be
// ErrInexactSearch.
func (s *Store) Record(ctx context.Context, q RecordQuery, lag time.Duration) (id string, err error) {
	q.Email, q.Phone = strings.ToLower(q.Email), ghl.PhoneNumber(q.Phone)
	question, until := s.account(q.LocationID).recordIDs.to(q), s.clock.Now().Add(lag)
	for try := 0; ; try++ {
		id, err = question.ask(ctx, mark{}, isFound, func(ctx context.Context) (string, error) { return s.findRecord(ctx, q) })
		left := until.Sub(s.clock.Now())
		if !errors.Is(err, ErrNotFound) || left <= 0 {
			return id, err
		}
		if err := s.clock.Sleep(ctx, min(settle.Backoff(try), left)); err != nil {
			return "", fmt.Errorf("waiting for a new record to be found: %w", err)
		}
	}
}

func isFound(last found) bool { return last.err == nil }

func (s *Store) findRecord(ctx context.Context, q RecordQuery) (id string, err error) {
	switch {
	case q.Email != "":
		id, err = s.client.ContactByEmail(ctx, q.LocationID, q.Email)
	case q.Phone != "":
		id, err = s.client.ContactByPhone(ctx, q.LocationID, q.Phone)
	default:
		return s.searchRecord(ctx, q)
	}
	if id == "" && err == nil {
		err = fmt.Errorf("contact %w", ErrNotFound)
	}
	return id, err
}

// maxSearchPages bounds the pages of a search. The first page is enough if the search is
// exact.
const maxSearchPages = 10

// searchRecord reads pages until it is clear whether no record, one or several have exactly
// the value. A search may also find other records, for example with a value that differs in
// case.
func (s *Store) searchRecord(ctx context.Context, q RecordQuery) (id string, err error) {
	exact, seen := map[string]bool{}, 0
	for page := 1; page <= maxSearchPages; page++ {
		found, err := s.client.SearchRecords(ctx, q.LocationID, q.ObjectKey, q.Property, q.Value, page)
		if err != nil {
			return "", err
		}
		for _, row := range found.Rows {
			if row.Has(q.Property, q.Value) {
				id, exact[row.ID] = row.ID, true
			}
		}
		seen += len(found.Rows)
		isLast := len(found.Rows) == 0 || seen >= found.Total && (found.Total >= 0 || len(found.Rows) < ghl.PageSize)
		switch {
		case len(exact) > 1 && len(exact) == seen && found.Total >= seen:
			return "", &SeveralRecordsError{Count: found.Total}
		case len(exact) > 1:
			return "", &SeveralRecordsError{Count: len(exact), AtLeast: !isLast}
		case isLast && id == "":
			return "", fmt.Errorf("record %w", ErrNotFound)
		case isLast:
			return id, nil
		}
	}
	return "", fmt.Errorf("%w: it found at least %d records, most of them with other values", ErrInexactSearch, seen)
}

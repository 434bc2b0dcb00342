package snapshot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// maxPosts bounds how often one create is sent, and maxLookups how often the
// outcome of one is looked up.
const (
	maxPosts   = 5
	maxLookups = 5
)

// CreateAssociation creates want (key, labels, object keys, LocationID) and
// returns the row as stored: sides may be swapped, the key lower-cased, labels on
// the wrong side. It is sent only once its key is known to be free, so that a row
// found after a lost answer can be told from one that was there before. The error
// may be an *ExistsError or an *UnknownOutcomeError.
func (s *Store) CreateAssociation(ctx context.Context, want ghl.Association) (ghl.Association, error) {
	a := s.accountToWrite(want.LocationID)
	return createInTurn(ctx, a, keyTurn(want.Key), func() (ghl.Association, error) { return a.createAssociation(ctx, want) })
}

func (a *account) createAssociation(ctx context.Context, want ghl.Association) (ghl.Association, error) {
	holder, err := a.holder(ctx, want.Key)
	if err != nil {
		return ghl.Association{}, err
	}
	if holder != nil && !a.isGone(holder.ID) { // else the server has yet to forget its key
		return ghl.Association{}, &ExistsError{Association: holder}
	}
	defer a.count(&a.creates)()
	defer a.wroteAssociation()
	row, err := a.postAssociation(ctx, want)
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.keys.added(row)
		a.seen[row.ID] = 0
	}
	return row, err
}

// postAssociation sends the create, and sends it again only after a look-up has
// shown that it was not carried out.
func (a *account) postAssociation(ctx context.Context, want ghl.Association) (ghl.Association, error) {
	begun := a.createsBegun()
	var failure error
	for post := range maxPosts {
		row, err := a.store.client.CreateAssociation(ctx, want)
		switch {
		case err == nil && !a.wasSeen(row.ID, begun):
			return row, nil
		case err == nil: // not what was just created, whatever the answer says
			err = fmt.Errorf("the server answered with the association %s, which was there before", row.ID)
		case isTaken(err) && post == 0:
			return row, a.takenAssociation(ctx, want.Key, err)
		case isTaken(err):
			return a.resentAssociation(ctx, want, begun, err)
		case !ghl.IsAmbiguous(err):
			return row, err
		}
		failure = err
		row, err = a.settleAssociation(ctx, want, begun, failure)
		if !errors.Is(err, ErrNotFound) {
			return row, err
		}
		if a.store.clock.Sleep(ctx, backoff(post)) != nil {
			break
		}
	}
	return ghl.Association{}, failure
}

// isTaken tells a refusal that may mean that the association exists. HighLevel may
// name the labels, which no two associations of the same objects share, even if the key
// repeats too.
func isTaken(err error) bool { return ghl.IsDuplicate(err) || ghl.KindOf(err) == ghl.DuplicateLabels }

// settleAssociation looks up what an ambiguous create did. The error is
// ErrNotFound where it provably did nothing.
func (a *account) settleAssociation(ctx context.Context, want ghl.Association, begun int, failure error) (ghl.Association, error) {
	ctx, cancel := a.lookupContext(ctx)
	defer cancel()
	row, err := a.byKey(ctx, want.Key)
	if errors.Is(err, ErrNotFound) {
		return row, err
	}
	if err != nil {
		return row, &UnknownOutcomeError{Err: errors.Join(failure, err)}
	}
	return a.adopt(row, want, begun)
}

// adopt takes a row found under the key of an ambiguous create for its result,
// where it holds what was sent. The key was free before, so nobody else's row is
// taken, unless this process knew it by then.
func (a *account) adopt(row, want ghl.Association, begun int) (ghl.Association, error) {
	if a.wasSeen(row.ID, begun) || !row.Carries(want) {
		return row, &ExistsError{Association: &row}
	}
	a.tookOver(row.ID)
	return row, nil
}

// resentAssociation is the case of a refusal as a duplicate of a create that was sent
// before: the first one ran after all, so it is looked up until it is found.
func (a *account) resentAssociation(ctx context.Context, want ghl.Association, begun int, refusal error) (ghl.Association, error) {
	for try := range maxLookups {
		row, err := a.settleAssociation(ctx, want, begun, refusal)
		if !errors.Is(err, ErrNotFound) {
			return row, err
		}
		if a.store.clock.Sleep(ctx, backoff(try)) != nil {
			break
		}
	}
	return ghl.Association{}, &UnknownOutcomeError{Err: refusal}
}

// takenAssociation names what a refused create met. A pair of labels may be that of
// another key: then the refusal says it all.
func (a *account) takenAssociation(ctx context.Context, key string, refusal error) error {
	row, err := a.byKey(ctx, key)
	switch {
	case err == nil:
		return &ExistsError{Association: &row, Err: refusal}
	case ghl.KindOf(refusal) == ghl.DuplicateLabels:
		return refusal
	default:
		return &ExistsError{Err: refusal, Unseen: errors.Is(err, ErrNotFound)}
	}
}

// lookupTime bounds the look-ups of a create after an interrupt.
const lookupTime = time.Minute

// lookupContext lets the look-up of a create under way outlive an interrupt: it
// is what keeps the object from becoming an orphan.
func (a *account) lookupContext(ctx context.Context) (context.Context, context.CancelFunc) {
	lookup, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		defer cancel()
		_ = a.store.clock.Sleep(lookup, lookupTime) // it ends early when the look-up has
	})
	return lookup, func() {
		stop()
		cancel()
	}
}

// backoff is the wait after the given number of fruitless tries: one second,
// doubling, up to eight.
func backoff(tries int) time.Duration {
	return time.Second << min(tries, 3)
}

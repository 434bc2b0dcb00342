package snapshot

import (
	"context"
	"fmt"
	"time"
)

// Of a relation's two records, either one's listing shows it. Where many relations
// stand on few records, asking those costs little, and asking their other ends costs
// a request for each relation; what tells them apart is only what the reads name and
// find. So the first reads go one by one. While first records turn out to have
// several relations, they are the ones to ask, more and more at a time. Once one had
// no other, a record that is named again is taken for the hub, and a read whose
// records were never named before waits a moment for others to name one of them.
const (
	maxGuesses = 10                     // moments waited in vain after which nobody waits any more
	momentTime = 200 * time.Millisecond // longer where waiting has paid
	maxWait    = 2 * time.Second        // without any news of what others find out
)

// leads is what is known of which records to ask. All its fields are guarded by the
// account's mu.
type leads struct {
	contested int           // reads of relations that met both ends untouched
	several   int           // first records that were asked and had several relations
	single    int           // first records that were asked and had no other
	guesses   int           // moments waited in vain
	leading   int           // records that were asked since others had named them too
	pending   int           // records that are being asked, and will tell
	news      chan struct{} // closed where any of this has changed, or a record was named
}

// tell wakes the reads that wait for news.
func (l *leads) tell() {
	if l.news != nil {
		close(l.news)
		l.news = nil
	}
}

// ends chooses which record to ask first, as soon as that is clear. It is called
// with mu held, and may give it up.
func (a *account) ends(ctx context.Context, ref RelationRef) (ends, error) {
	first, second := a.record(ref.FirstRecordID), a.record(ref.SecondRecordID)
	if !first.touched() && !second.touched() {
		a.leads.contested++
		first.contested++
		second.contested++
		a.leads.tell()
	}
	waited := time.Duration(0)
	for {
		if e, ok := a.choose(ref, waited > 0); ok {
			return e, nil
		}
		moment := momentTime * time.Duration(1+min(a.leads.leading, 4))
		quiet, err := a.await(ctx, moment)
		if err != nil {
			return ends{}, err
		}
		waited += moment
		if !quiet {
			waited = 0
		}
		if waited >= maxWait {
			a.leads.guesses = maxGuesses
		}
	}
}

// choose takes a record whose listing has been begun, else the one that is likely
// to have more relations, if that can be told.
func (a *account) choose(ref RelationRef, quiet bool) (ends, bool) {
	first, second := a.record(ref.FirstRecordID), a.record(ref.SecondRecordID)
	l := &a.leads
	switch lead := second.contested - first.contested; {
	case first.touched():
		return ends{first, second}, true
	case second.touched():
		return ends{second, first}, true
	case l.single > 0 && lead > 0:
		l.leading++
		return a.asking(second, first), true
	case l.single > 0 && lead < 0:
	case first == second || l.guesses >= maxGuesses:
		if a.isHub(second, first) {
			return a.asking(second, first), true
		}
	case l.single == 0 && l.pending > l.several/3, l.single > 0 && (l.pending > 0 || !quiet):
		return ends{}, false
	case l.single > 0:
		l.guesses++
	}
	first.judged = true
	return a.asking(first, second), true
}

func (a *account) asking(lead, other *record) ends {
	if !lead.pending { // else one that failed is asked again before it could be settled
		lead.pending = true
		a.leads.pending++
	}
	a.leads.tell()
	return ends{lead, other}
}

// isHub tells whether the second record of relations is the one to ask, since it
// has been named oftener than the first. A few reads find out a hub that many of
// them name; where the reads are spread over many records, chance alone brings such
// a lead about, so it takes more, lest reads in random order disagree on a side.
func (a *account) isHub(second, first *record) bool {
	lead := second.contested - first.contested
	return lead >= 5 || lead >= 2 && 4*second.contested >= a.leads.contested
}

// await waits for news, and tells whether so long there was none.
func (a *account) await(ctx context.Context, moment time.Duration) (quiet bool, err error) {
	if a.leads.news == nil {
		a.leads.news = make(chan struct{})
	}
	news := a.leads.news
	err = a.sleepUnless(ctx, moment, news)
	return a.leads.news == news, err // others may have woken earlier, and changed it
}

func (a *account) sleepUnless(ctx context.Context, moment time.Duration, news <-chan struct{}) error {
	a.mu.Unlock()
	defer a.mu.Lock()
	a.sleepUnlessNews(ctx, moment, news)
	if ctx.Err() != nil {
		return fmt.Errorf("waiting for a list call: %w", context.Cause(ctx))
	}
	return nil
}

// settle ends the waiting for a record, which has told, or failed, or is forgotten.
func (l *leads) settle(r *record) {
	if r != nil && r.pending {
		r.pending = false
		l.pending--
		l.tell()
	}
}

// judge learns from the first page of a record's listing, or from its failure.
func (a *account) judge(r *record) {
	l := &a.leads
	l.settle(r)
	if !r.judged || !r.ended() && r.current.pages == 0 {
		return
	}
	r.judged = false
	if len(r.current.rows) > 1 || r.current.page.Total > 1 {
		l.several++
	} else {
		l.single++
	}
	l.tell()
}

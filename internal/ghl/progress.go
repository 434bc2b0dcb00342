package ghl

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// progressEvery is how often the log tells how far a run has come.
const progressEvery = 10 * time.Second

// progress is how far the calls about each sub-account have come.
type progress struct {
	clock  Clock
	logger *slog.Logger

	mu        sync.Mutex
	locations map[string]*locationProgress
	told      time.Time // when the log was told last, or the first call began
}

type locationProgress struct {
	underWay int
	failed   bool // the last call that ended had failed
}

// reported tells the log at INFO, every ten seconds, how many sub-accounts are done for now,
// wait for an answer, or failed. It tells as calls begin and end: a short run tells nothing,
// and nothing runs beside the calls.
func reported(next handler, config Config) handler {
	p := &progress{clock: config.Clock, logger: config.Logger, locations: map[string]*locationProgress{}}
	return func(ctx context.Context, r request) (response, error) {
		if r.locationID == "" {
			return next(ctx, r)
		}
		p.tell(ctx, p.note(r.locationID, 1, nil))
		answer, err := next(ctx, r)
		p.tell(ctx, p.note(r.locationID, -1, err))
		return answer, err
	}
}

// progressCounts are numbers of sub-accounts.
type progressCounts struct{ done, waiting, failed int }

// note notes a call that begins or ends. The counts are nil unless it is time to tell them.
func (p *progress) note(locationID string, calls int, err error) *progressCounts {
	p.mu.Lock()
	defer p.mu.Unlock()
	location, now := p.locations[locationID], p.clock.Now()
	if location == nil {
		location = &locationProgress{}
		p.locations[locationID] = location
	}
	location.underWay += calls
	if calls < 0 {
		location.failed = err != nil && !isAnAnswer[KindOf(err)]
	}
	if p.told.IsZero() {
		p.told = now
	}
	if now.Sub(p.told) < progressEvery {
		return nil
	}
	p.told = now
	counts := &progressCounts{}
	for _, location := range p.locations {
		switch {
		case location.failed:
			counts.failed++
		case location.underWay > 0:
			counts.waiting++
		default:
			counts.done++
		}
	}
	return counts
}

// isAnAnswer are the failures that say nothing of the sub-account: it has answered.
var isAnAnswer = map[Kind]bool{
	NotFound: true, Duplicate: true, DuplicateLabels: true, DuplicateOpportunity: true, InvalidRecord: true, Refused: true, Interrupted: true,
}

// tell is called without the lock: whoever takes the log down may be slow.
func (p *progress) tell(ctx context.Context, counts *progressCounts) {
	if counts != nil {
		p.logger.LogAttrs(ctx, slog.LevelInfo, "progress, in sub-accounts",
			slog.Int("done", counts.done), slog.Int("waiting", counts.waiting), slog.Int("failed", counts.failed))
	}
}

package ghl

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// progressEvery is how often the log reports the progress of a run.
const progressEvery = 10 * time.Second

// progress tracks the calls about each sub-account, to log how a run proceeds.
type progress struct {
	clock  Clock
	logger *slog.Logger

	mu        sync.Mutex
	locations map[string]*locationProgress
	told      time.Time // when progress was last logged, or the first call began
}

type locationProgress struct {
	underWay int
	failed   bool // the call that ended last failed
}

// reported logs every ten seconds, at INFO, how many sub-accounts have no call in progress,
// wait for an answer, or have failed. It logs only when a call begins or ends, so nothing
// runs in the background, and a short run logs nothing.
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

// progressCounts counts sub-accounts by their state.
type progressCounts struct{ done, waiting, failed int }

// note records that a call begins or ends. The counts are nil unless it is time to log
// them.
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

// isAnAnswer contains the kinds of failure that do not count as a failure of the
// sub-account, because the sub-account answered, or the operation was interrupted.
var isAnAnswer = map[Kind]bool{
	NotFound: true, Duplicate: true, DuplicateLabels: true, DuplicateOpportunity: true, InvalidRecord: true, Refused: true, Interrupted: true,
}

// tell logs the counts. It does not hold the lock, because the logger may be slow.
func (p *progress) tell(ctx context.Context, counts *progressCounts) {
	if counts != nil {
		p.logger.LogAttrs(ctx, slog.LevelInfo, "progress, in sub-accounts",
			slog.Int("done", counts.done), slog.Int("waiting", counts.waiting), slog.Int("failed", counts.failed))
	}
}

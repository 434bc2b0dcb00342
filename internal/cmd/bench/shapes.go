package main

import (
	"cmp"
	"math/rand/v2"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// shape describes the objects of a configuration, and the bounds of its plan or, with a rate limit, of the apply that creates them.
type shape struct {
	name                              string
	subAccounts                       int // number of an agency's sub-accounts, each with a token exchange; 0 means one sub-account with its own token
	associations, relations           int // numbers of managed objects in each sub-account
	layout                            func(relation int) (company, contact int)
	asOne                             bool            // one resource manages all relations of the first company
	otherAssociations, otherRelations int             // numbers of unmanaged objects
	dead                              bool            // the last sub-account has removed the app, and a plan only warns about it
	expired                           bool            // the agency's token is refused
	latencies                         []time.Duration // each is measured
	limit                             sandbox.RateLimit
	spent                             int     // percentage of the limit that another client uses
	requests                          int     // maximum number; 0 means one for each object plus 3 for each sub-account
	refused                           int     // maximum number of refused requests, as a percentage of all requests
	overFloor, megabytes              float64 // maximum values; 0 means no bound
}

// drawn contains all pairs of 40 companies and 100 contacts, shuffled.
var drawn = rand.New(rand.NewPCG(40, 100)).Perm(40 * 100) //nolint:gosec // every run measures the same pairs

func random(i int) (company, contact int)   { return drawn[i%4000] / 100, drawn[i%4000] % 100 }
func hub(i int) (company, contact int)      { return 0, i }
func distinct(i int) (company, contact int) { return i, i }
func complete(i int) (company, contact int) { return i / 32, i % 32 }

var (
	each    = []time.Duration{0, 30 * time.Millisecond, 200 * time.Millisecond}
	usual   = each[1:2]
	fixed   = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second}
	sliding = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second, Sliding: true}
	plenty  = sandbox.RateLimit{Max: 1_000_000, Interval: 10 * time.Second} // no waits: measures only the engine and the requests
)

// The first seven shapes are typical of users. An apply needs one request for each create, and at most four more in total: the
// engine plans in one process and applies in another, and each process looks for existing objects.
var shapes = []shape{
	{name: "3 random relations", relations: 3, layout: random, latencies: each},
	{name: "30 random relations", relations: 30, layout: random, latencies: each},
	{name: "60 random relations", relations: 60, layout: random, latencies: each},
	{name: "200 random relations", relations: 200, layout: random, latencies: each},
	{name: "CSV: 4 associations, 200 relations", associations: 4, relations: 200, layout: random, latencies: each},
	{name: "20 sub-accounts × (5 associations, 30 relations)", subAccounts: 20, associations: 5, relations: 30, layout: random, latencies: each},
	{name: "200 sub-accounts × (5 associations, 30 relations)", subAccounts: 200, associations: 5, relations: 30, layout: random, latencies: each},

	{name: "200 sub-accounts × (5, 30), all records distinct", subAccounts: 200, associations: 5, relations: 30, layout: distinct, latencies: usual, requests: 200 * 33, megabytes: 64},
	{name: "200 sub-accounts × (5, 30), a hub in each", subAccounts: 200, associations: 5, relations: 30, layout: hub, latencies: usual, requests: 200 * 5, megabytes: 64},
	{name: "200 sub-accounts × (5, 30), one without the app", subAccounts: 200, associations: 5, relations: 30, layout: hub, dead: true, latencies: usual, requests: 200 * 5, megabytes: 64},
	{name: "200 sub-accounts × (5, 30), agency token expired", subAccounts: 200, associations: 5, relations: 30, layout: hub, expired: true, latencies: usual, requests: 200 * 35, megabytes: 64},

	{name: "1 association", associations: 1, latencies: usual, requests: 1},
	{name: "1 association of 1,000", associations: 1, otherAssociations: 995, latencies: usual, requests: 1},
	{name: "3 associations of 1,000", associations: 3, otherAssociations: 993, latencies: usual, requests: 12},
	{name: "100 associations", associations: 100, latencies: usual, requests: 4},
	{name: "1,000 associations", associations: 1000, latencies: usual, requests: 14, overFloor: 1.5, megabytes: 40},
	{name: "1,000 relations of one hub", relations: 1000, layout: hub, latencies: usual, requests: 10, overFloor: 1.5, megabytes: 40},
	{name: "1,000 relations of one hub in one resource", relations: 1000, layout: hub, asOne: true, latencies: usual, requests: 12, overFloor: 1.3, megabytes: 40},
	{name: "1,000 relations, all records distinct", relations: 1000, layout: distinct, latencies: usual, requests: 1002},
	{name: "1,024 relations, 32 × 32 complete", relations: 1024, layout: complete, latencies: usual, requests: 54},
	{name: "10 relations of a hub that has 1,000", relations: 10, layout: hub, otherRelations: 990, latencies: usual, requests: 13},

	{name: "1,000 relations of one hub, created", relations: 1000, layout: hub, latencies: usual, limit: plenty, requests: 1005},
	{name: "1,000 relations of one hub in one resource, created", relations: 1000, layout: hub, asOne: true, latencies: usual, limit: plenty, requests: 1005},
	{name: "290 creates, fixed window", associations: 290, latencies: usual, limit: fixed, requests: 294, overFloor: 1.1},
	{name: "290 creates, sliding window", associations: 290, latencies: usual, limit: sliding, requests: 294, overFloor: 1.1},
	{name: "290 creates, fixed window, others spend 30 %", associations: 290, latencies: usual, limit: fixed, spent: 30, requests: 294, refused: 2},
	{name: "290 creates, sliding window, others spend 30 %", associations: 290, latencies: usual, limit: sliding, spent: 30, requests: 294, refused: 2},
}

func (s shape) isPlan() bool { return s.limit.Max == 0 }

// objects returns the number of instances in all sub-accounts.
func (s shape) objects() int {
	if s.asOne {
		return max(1, s.subAccounts) * (s.associations + 1)
	}
	return max(1, s.subAccounts) * (s.associations + s.relations)
}

func (s shape) mostRequests() int {
	return cmp.Or(s.requests, s.objects()+3*max(1, s.subAccounts))
}

const slack = 500 * time.Millisecond // allowance for startup and noise

// mostBeyond bounds the time that a refresh adds to a plan. The engine reads ten objects at a time from all sub-accounts
// together, so the requests of all sub-accounts count.
func mostBeyond(requests int, latency time.Duration) time.Duration {
	return time.Duration(requests)*latency/10 + slack
}

// oneByOne is another bound on the time of a refresh: the time for one request per object, ten at a time.
func (s shape) oneByOne(latency time.Duration) time.Duration {
	return time.Duration((s.objects()+9)/10)*latency + slack
}

// underLimit returns the time that creates wait for the rate limit. The first window needs no wait. If another client uses the
// limit too, the result is an estimate, because a burst at the start of a window may leave that client less than its share.
func (s shape) underLimit() time.Duration {
	return time.Duration((s.objects()-1)/max(1, s.limit.Max*(100-s.spent)/100)) * s.limit.Interval
}

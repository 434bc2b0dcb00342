package main

import (
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The goals count the platform's rows among those of the sub-account. What has no goal in a column is shown all the same.

var plans = []planCase{
	{name: "1 association", rows: associations(1, 0), requests: 1},
	{name: "1 association of 5,000", rows: associations(1, 4999-platformRows), requests: 1},
	{name: "3 associations of 5,000", rows: associations(3, 4997-platformRows), requests: 18},
	{name: "100 associations", rows: associations(100, 0), requests: 4, overPrompt: 1.2},
	{name: "1,000 associations", rows: associations(1000, 0), requests: 15, overFloor: 2.4, overPrompt: 1.2, megabytes: 50},
	{name: "5,000 associations", rows: associations(5000, 0), requests: 63, overFloor: 1.2, overPrompt: 1.2, megabytes: 64},
	{name: "1,000 relations of one hub", rows: relations(oneHub, 1000, 0), requests: 13},
	{name: "1,000 relations, all records distinct", rows: relations(allDistinct, 1000, 0), requests: 1002},
	{name: "1,024 relations, 32 × 32 complete", rows: relations(complete32, 1024, 0), requests: 36},
	{name: "10 relations of a hub that has 10,000", rows: relations(oneHub, 10, 9990), requests: 22},
}

var (
	fixedWindow   = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second}
	slidingWindow = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second, Sliding: true}
)

// A create needs one request. The one page of what exists already and at most three more come once for all of them,
// although the engine plans in one process and applies in another.
var applies = []applyCase{
	{name: "290 associations, fixed window", creates: 290, limit: fixedWindow, requests: 294, overLimit: 1.1},
	{name: "290 associations, sliding window", creates: 290, limit: slidingWindow, requests: 294, overLimit: 1.1},
	{name: "290 associations, fixed window, 30 % to others", creates: 290, limit: fixedWindow, others: 30, requests: 294, refused: 2},
	{name: "290 associations, sliding window, 30 % to others", creates: 290, limit: slidingWindow, others: 30, requests: 294, refused: 2},
}

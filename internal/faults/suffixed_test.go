package faults_test

import (
	"regexp"
	"slices"
	"strings"
)

// Some servers add a suffix to the key of a new object if the key is taken. The create then deletes the object, unless its
// answer is lost.

// suffixedID matches the id of an object that, according to an error, may have been created under another key.
var suffixedID = regexp.MustCompile(`(?:It|The object) has the id "?([0-9a-f]+)"?[. ]`)

// leftSuffixed is part of an error that names the object and how to delete it.
const leftSuffixed = "could not delete it, and no state manages it"

// clearSuffixed deletes by hand, as the errors say, the objects that creates may have made under keys with a suffix. A killed
// process reports no error: its object stays, and no client can know about it.
func (w *world) clearSuffixed(calls []*call, log []exchange) {
	for _, c := range calls {
		named := suffixedID.FindStringSubmatch(c.explanation())
		wasKilled := c.process.wire.killed()
		if named == nil && (!wasKilled || !c.hasRun(log)) {
			continue
		}
		for _, o := range c.kind.there(w.sandbox, c.where) {
			switch {
			case c.before[o.id] || !strings.HasPrefix(o.key, c.naturalKey()+"_") || w.managedIDs()[o.id]:
			case wasKilled:
				w.left[o.id] = true
			case o.id == named[1]:
				o.kind.remove(w.sandbox, o.location, o.id)
			}
		}
	}
}

// hasRun reports whether a create was carried out, whatever its answer said, and no state has its object.
func (c *call) hasRun(log []exchange) bool {
	return c.verb == "Create" && c.created == "" && slices.ContainsFunc(log, func(x exchange) bool {
		return x.call == c && isCreate(x.Method, x.Path) && x.Committed
	})
}

package faults_test

import (
	"regexp"
	"slices"
	"strings"
)

// Some servers add a suffix to the key of a new object if the key is already in use. The provider's create then deletes the
// object, unless the answer is lost.

// suffixedID matches the id of an object that may have been created with another key, according to an error.
var suffixedID = regexp.MustCompile(`(?:It|The object) has the id "?([0-9a-f]+)"?[. ]`)

// leftSuffixed is part of the error that contains the object's id and says how to delete the object.
const leftSuffixed = "could not delete it, and no state manages it"

// clearSuffixed deletes objects by hand, as the errors say, if creates may have given their keys a suffix. A killed process
// reports no error, so its object remains, and no client can detect it.
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

// hasRun reports whether a create took effect on the server but did not return its object.
func (c *call) hasRun(log []exchange) bool {
	return c.verb == "Create" && c.created == "" && slices.ContainsFunc(log, func(x exchange) bool {
		return x.call == c && isCreate(x.Method, x.Path) && x.Committed
	})
}

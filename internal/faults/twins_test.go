package faults_test

import (
	"slices"
	"strings"
)

// applyTwice carries two plans of one state out at once, as two pipelines do that share no lock. One of the two states is
// kept; what the other one made is somebody else's.
func (w *world) applyTwice(planned *plan, destroys, keepsSecond bool) {
	p := w.newProcess()
	again := w.plan(p, destroys)
	p.stop()
	w.setMeddled(true)
	first, second := w.newProcess(), w.newProcess()
	second.wire.seed++ // else both send each request at the same moment, and the machine decides which comes first
	w.twins = true
	w.noteMoves(planned, again)
	other := make(chan struct{})
	go func() {
		defer close(other)
		if again.complete {
			w.carry(second, again)
		}
	}()
	w.carry(first, planned)
	<-other
	w.state = planned.refreshed
	if keepsSecond && again.complete {
		w.state = again.refreshed
	}
	first.stop()
	second.stop()
}

// noteTwins notes what either of two applies made, whether or not it knows: the other one may be refused for it.
func (w *world) noteTwins(calls []*call, log []exchange) {
	w.made = map[string]bool{}
	if !w.twins {
		return
	}
	w.twins = false
	w.everyAdoptionIsTold(calls)
	held, ids := map[string]bool{}, map[string]bool{}
	for _, address := range w.state.addresses() {
		i := w.state.get(address)
		key := i.object().key
		held[key] = held[key] || w.canBeFound(i)
		ids[i.object().id] = true
	}
	w.noteSeveral(calls, ids)
	for _, x := range log {
		if x.call != nil && x.Committed && isCreate(x.Method, x.Path) {
			w.made[x.call.naturalKey()] = true
		}
	}
	for _, c := range calls {
		if c.verb != "Create" || c.created == "" {
			continue
		}
		w.made[c.naturalKey()] = true
		w.left[c.created] = !ids[c.created]
		if w.left[c.created] && c.kind.kind != relations && slices.ContainsFunc(w.objects(), func(o object) bool { return o.id == c.created }) {
			w.conflicts[c.naturalKey()] = "another apply made it"
		}
		if !held[c.naturalKey()] || w.schedule.Quirks.ReversedPairAllowed { // then the state may hold the other order of the two
			w.conflicts[c.naturalKey()] = "another apply made it"
		}
	}
}

// noteSeveral notes the objects of which a create of either apply could not tell which one it made. What neither holds is
// left to the other one, but for one if neither holds any.
func (w *world) noteSeveral(calls []*call, held map[string]bool) {
	created := map[string]bool{}
	for _, c := range calls {
		created[c.created] = true
	}
	for _, c := range calls {
		several := severalIDs.FindStringSubmatch(c.explanation())
		if several == nil {
			continue
		}
		ids := strings.Split(several[1], ", ")
		nobodys := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return held[id] || created[id] || w.foreign[id] })
		if len(nobodys) == len(ids) {
			nobodys = nobodys[1:]
		}
		for _, id := range nobodys {
			w.foreign[id] = true
		}
	}
}

// everyAdoptionIsTold: no client can tell its own row after a lost answer from that of another apply, so of two creates that
// end with the same object, one says that it found it.
func (w *world) everyAdoptionIsTold(calls []*call) {
	told := map[string]bool{}
	made := map[string]*call{}
	for _, c := range calls {
		if c.verb != "Create" || c.created == "" || c.kind.kind == sets { // which takes over what is there
			continue
		}
		adopts := false
		for _, d := range c.warnings {
			adopts = adopts || strings.HasSuffix(d.Summary, " Adopted")
		}
		if one := made[c.created]; one != nil && !adopts && !told[c.created] {
			w.violated("every adoption is told", "%s and %s both have %s, and neither says that it may be the other's", one, c, c.created)
		}
		made[c.created] = c
		told[c.created] = told[c.created] || adopts
	}
}

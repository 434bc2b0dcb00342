package faults_test

import (
	"slices"
	"strings"
)

// applyTwice applies two plans of one state at once, like two pipelines that share no lock. One of the two states is kept; the
// objects of the other apply are somebody else's.
func (w *world) applyTwice(planned *plan, destroys, keepsSecond bool) {
	p := w.newProcess()
	again := w.plan(p, destroys)
	p.stop()
	w.setMeddled(true)
	first, second := w.newProcess(), w.newProcess()
	second.wire.seed++ // otherwise both send each request at the same moment, and the machine decides which comes first
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

// noteTwins notes the objects that either of two applies created, whether or not it knows: they may make the other one fail.
func (w *world) noteTwins(calls []*call, log []exchange) {
	w.made = map[string]bool{}
	if !w.twins {
		return
	}
	w.twins = false
	w.everyAdoptionIsReported(calls)
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
			w.conflicts[c.naturalKey()] = "another apply created it"
		}
		if !held[c.naturalKey()] || w.schedule.Quirks.ReversedPairAllowed { // then the state may hold the reversed relation
			w.conflicts[c.naturalKey()] = "another apply created it"
		}
	}
}

// noteSeveral notes several objects of which a create could not tell which one is its own. The objects that neither apply holds
// count as foreign, except for one if neither holds any.
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

// everyAdoptionIsReported checks that if two creates end with the same object, one of them warns that it found the object: after a lost
// answer, no client can tell its own row from that of another apply.
func (w *world) everyAdoptionIsReported(calls []*call) {
	reported := map[string]bool{}
	made := map[string]*call{}
	for _, c := range calls {
		if c.verb != "Create" || c.created == "" || c.kind.kind == sets { // a set takes over existing relations
			continue
		}
		adopts := false
		for _, d := range c.warnings {
			adopts = adopts || strings.HasSuffix(d.Summary, " Adopted")
		}
		if one := made[c.created]; one != nil && !adopts && !reported[c.created] {
			w.violated("every adoption is reported", "%s and %s both have %s, but neither says that it may be the other's", one, c, c.created)
		}
		made[c.created] = c
		reported[c.created] = reported[c.created] || adopts
	}
}

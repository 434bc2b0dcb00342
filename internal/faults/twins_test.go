package faults_test

import (
	"slices"
	"strings"
)

// applyTwice applies two plans for one state at once, like two pipelines without a shared lock. It keeps one of the two
// resulting states. The objects of the other apply count as created by somebody else.
func (w *world) applyTwice(planned *plan, destroys, keepsSecond bool) {
	p := w.newProcess()
	again := w.plan(p, destroys)
	p.stop()
	w.setMeddled(true)
	first, second := w.newProcess(), w.newProcess()
	second.wire.seed++ // with equal seeds, both applies would send each request at the same moment, and the machine would determine the order
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

// noteTwins records the objects that either of two applies created, even if that apply got no answer. These objects may make
// the other apply fail.
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
		if !held[c.naturalKey()] || w.schedule.Quirks.ReversedPairAllowed { // with ReversedPairAllowed, the state may contain the reversed relation
			w.conflicts[c.naturalKey()] = "another apply created it"
		}
	}
}

// noteSeveral handles creates that found several objects and could not determine which object they created. The found objects
// that are in neither state count as foreign. If no found object is in a state, all but one count as foreign.
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

// everyAdoptionIsReported checks that if two creates end with the same object, one of them warns that it found the object.
// After a lost answer, no client can distinguish its own row from the row of another apply.
func (w *world) everyAdoptionIsReported(calls []*call) {
	reported := map[string]bool{}
	made := map[string]*call{}
	for _, c := range calls {
		if c.verb != "Create" || c.created == "" || c.kind.kind == sets { // a set adopts existing relations without a warning
			continue
		}
		adopts := false
		for _, d := range c.warnings {
			adopts = adopts || strings.HasSuffix(d.Summary, " Adopted")
		}
		if one := made[c.created]; one != nil && !adopts && !reported[c.created] {
			w.violated("every adoption is reported", "%s and %s both have %s, but neither warns that the object may belong to the other apply", one, c, c.created)
		}
		made[c.created] = c
		reported[c.created] = reported[c.created] || adopts
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// question is about the API, and no source settles it, or only authors of other clients do.
type question struct {
	id      string
	asks    string
	assumed string // the sandbox's default answer; "" assumes nothing
	handled string // how client and sandbox handle it
}

// group is a set of questions about the same objects. What a group creates is deleted after it.
type group struct {
	name      string
	questions []question
	ask       func(ctx context.Context, a *account, seen answers) error
}

// answers are what the probe saw, by the id of the question.
type answers map[string]string

// groups are all questions, in the order in which they are asked. longLabelGroup finds the length of labels for the groups after it.
func groups() []group {
	return []group{
		protocolGroup, associationGroup, longLabelGroup, labelGroup, objectKeyGroup, sidesGroup, unknownObjectGroup, listingGroup,
		relationGroup, valueGroup, fieldGroup, recordGroup, objectGroup, agencyGroup,
	}
}

// ask asks questions. If a group leaves a question open, its answer is the reason.
func (a *account) ask(ctx context.Context, groups []group, progress io.Writer) answers {
	all := answers{}
	for _, g := range groups {
		fmt.Fprintf(progress, "Asking about %s (%d calls so far) ...\n", g.name, a.api.calls)
		a.api.group = g.name
		seen := answers{}
		err := g.safely(ctx, a, seen)
		for _, q := range g.questions {
			text, answered := seen[q.id]
			if !answered {
				text = a.whyOpen(ctx, err)
			}
			all[q.id] = text
		}
		a.removeMade(ctx)
	}
	return all
}

// safely asks, and turns a panic into an error, so that what the group created is deleted all the same.
func (g group) safely(ctx context.Context, a *account, seen answers) (err error) {
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("the probe has a bug: %v", failure)
		}
	}()
	return g.ask(ctx, a, seen)
}

// whyOpen explains why a question has no answer.
func (a *account) whyOpen(ctx context.Context, err error) string {
	var left *notAskedError
	switch {
	case ctx.Err() != nil:
		return "not asked: the probe was interrupted"
	case errors.As(err, &left):
		return "not asked: " + left.reason
	case err != nil:
		return "not answered: " + a.api.redactor.text(err.Error())
	default:
		return "not asked"
	}
}

// cannotBeSeen answers a question if another behaviour hides the answer.
func cannotBeSeen(because string) string { return "cannot be seen, because " + because }

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// question is something about the API that no source settles, or that only authors of other clients tell.
type question struct {
	id      string
	asks    string
	assumed string // what the sandbox answers by default; "" assumes nothing
	handled string // what client and sandbox do with it
}

// group is questions that are asked of the same things. What they make is removed after them.
type group struct {
	name      string
	questions []question
	ask       func(ctx context.Context, a *account, seen answers) error
}

// answers are what was seen, by the id of the question.
type answers map[string]string

// groups are all questions, in the order in which they are asked. That of the associations learns how long labels may be.
func groups() []group {
	return []group{
		protocolGroup, associationGroup, longLabelGroup, labelGroup, objectKeyGroup, sidesGroup, unknownObjectGroup, listingGroup,
		relationGroup, valueGroup, fieldGroup, recordGroup, objectGroup, agencyGroup,
	}
}

// ask asks questions. What a group leaves open is answered with the reason.
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

// safely asks, and makes an error of a panic: what the group made must be removed all the same.
func (g group) safely(ctx context.Context, a *account, seen answers) (err error) {
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("the probe has a bug: %v", failure)
		}
	}()
	return g.ask(ctx, a, seen)
}

// whyOpen says why a question has no answer.
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

// cannotBeSeen answers a question whose answer another behaviour hides.
func cannotBeSeen(because string) string { return "cannot be seen, because " + because }

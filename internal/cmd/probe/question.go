package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// question is a question about the API that HighLevel does not document. The only known answers, if any, come from the authors of
// other clients.
type question struct {
	id      string
	asks    string
	assumed string // the sandbox's default answer; "" assumes nothing
	handled string // how the client and the sandbox handle the answer
}

// group is a set of questions about the same objects. After each group, the probe deletes what the group created.
type group struct {
	name      string
	questions []question
	ask       func(ctx context.Context, a *account, seen answers) error
}

// answers maps the id of each question to the answer that the probe found.
type answers map[string]string

// groups returns all questions, in the order in which they are asked. The groups after longLabelGroup need the maximum length of
// labels, which longLabelGroup finds.
func groups() []group {
	return []group{
		protocolGroup, associationGroup, longLabelGroup, labelGroup, objectKeyGroup, sidesGroup, unknownObjectGroup, listingGroup,
		relationGroup, valueGroup, fieldGroup, recordGroup, objectGroup, agencyGroup,
	}
}

// ask asks all questions. If a question cannot be answered, its answer gives the reason.
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

// safely asks the questions of a group. It turns a panic into an error, so that the group's objects are still deleted.
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

// cannotBeSeen is the answer to a question if another behaviour hides the real answer.
func cannotBeSeen(because string) string { return "cannot be seen, because " + because }

package main

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
)

// longest is how many characters the longest label has that the probe sends.
const longest = 120

var longLabelGroup = group{
	name: "long labels",
	questions: []question{
		{"label-length", "Are long labels cut?", "not within 120 characters", "State keeps what was sent, and the next plan shows it. Sandbox: `LabelLength`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		made, err := a.mustMakeAssociation(ctx, a.between("long", strings.Repeat("Long", longest/4), "Beta"))
		if err != nil {
			return err
		}
		seen["label-length"] = fmt.Sprintf("not within %d characters", longest)
		if n := len([]rune(made.text("firstObjectLabel"))); n != longest {
			a.labelLength = n
			seen["label-length"] = fmt.Sprintf("after %d characters", n)
		}
		return nil
	},
}

var labelGroup = group{
	name: "odd labels",
	questions: []question{
		{"stored-labels", "How are labels with blanks, accents and `&` stored?", "as sent",
			"State keeps the user's spelling if it is the same text. Sandbox: `StoredLabels`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		const sent = "\u00e9 & "
		made, err := a.mustMakeAssociation(ctx, a.between("labels", sent, "Beta"))
		if err != nil {
			return err
		}
		forms := []struct{ name, label string }{
			{"as sent", sent},
			{"without the blank at the end", strings.TrimSpace(sent)},
			{"with `&amp;` for `&`", html.EscapeString(sent)},
			{"with letters and accents apart", "e\u0301 & "},
		}
		var fit []string
		for _, form := range forms {
			if cut(form.label, a.labelLength) == made.text("firstObjectLabel") {
				fit = append(fit, form.name)
			}
		}
		switch len(fit) {
		case 0:
			seen["stored-labels"] = "in another form"
		case 1:
			seen["stored-labels"] = fit[0]
		default:
			seen["stored-labels"] = cannotBeSeen(fmt.Sprintf("labels are cut after %d characters", a.labelLength))
		}
		return nil
	},
}

// cut is a label as it is stored if labels are cut after n characters; 0 cuts none.
func cut(label string, n int) string {
	if runes := []rune(label); n > 0 && len(runes) > n {
		return string(runes[:n])
	}
	return label
}

var objectKeyGroup = group{
	name: "the case of object keys",
	questions: []question{
		{"stored-object-keys", "How does an association store the object key `Contact`?", "as sent",
			"The client compares object keys without regard to case. Sandbox: `StoredObjectKeys`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		const sent = "Contact"
		made, got, err := a.makeAssociation(ctx, association{a.prefix + "case", sent, "Alpha", sent, "Beta"})
		if err != nil {
			return err
		}
		switch made.text("firstObjectKey") {
		case "":
			seen["stored-object-keys"] = "refused: " + a.refused(got)
		case sent:
			seen["stored-object-keys"] = "as sent"
		case strings.ToLower(sent):
			seen["stored-object-keys"] = "in lower case"
		case strings.ToUpper(sent):
			seen["stored-object-keys"] = "in upper case"
		default:
			seen["stored-object-keys"] = "in another form"
		}
		return nil
	},
}

var sidesGroup = group{
	name: "the order of sides",
	questions: []question{
		{"sides", "How are the sides `contact`, `business` stored?", "in ascending order of the object keys",
			"State keeps the user's order. Sandbox: `KeepSides`."},
		{"labels-travel", "If they are swapped, do the labels follow their object?", "they follow it",
			"The client pairs labels with objects, and corrects them with one update. Sandbox: `LabelsStay`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		made, err := a.mustMakeAssociation(ctx, association{a.prefix + "sides", contact, "Alpha", business, "Beta"})
		if err != nil {
			return err
		}
		got, err := a.must(a.get(ctx, associationsPath+url.PathEscape(made.id()), nil))
		if err != nil {
			return err
		}
		stored, _ := parse(got.body, "association")
		if strings.EqualFold(stored.text("firstObjectKey"), contact) {
			seen["sides"] = "as sent"
			seen["labels-travel"] = cannotBeSeen("the sides are stored as sent")
			return nil
		}
		seen["sides"] = "in ascending order of the object keys"
		labels := []string{stored.text("firstObjectLabel"), stored.text("secondObjectLabel")}
		switch {
		case slices.Equal(labels, []string{cut("Beta", a.labelLength), cut("Alpha", a.labelLength)}):
			seen["labels-travel"] = "they follow it"
		case slices.Equal(labels, []string{cut("Alpha", a.labelLength), cut("Beta", a.labelLength)}):
			seen["labels-travel"] = "they stay in their position"
		default:
			seen["labels-travel"] = "another form"
		}
		return nil
	},
}

var unknownObjectGroup = group{
	name: "an object that does not exist",
	questions: []question{
		{"unknown-object", "What does an association with an object that does not exist answer?", "accepted",
			"The client shows a refusal. Sandbox: `StrictObjects`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		_, got, err := a.makeAssociation(ctx, association{a.prefix + "unknown", customObjects + a.prefix + "none", "Alpha", contact, "Beta"})
		if err != nil {
			return err
		}
		seen["unknown-object"] = a.outcome(got)
		return nil
	},
}

package main

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
)

// longest is the length of the longest label that the probe sends, in characters.
const longest = 120

var longLabelGroup = group{
	name: "long labels",
	questions: []question{
		{"label-length", "Are long labels cut?", "not within 120 characters", "The state keeps the configured label, and the next plan shows the difference. Sandbox: `LabelLength`."},
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
		{"stored-labels", "How are labels with spaces, accents and `&` stored?", "as sent",
			"The state keeps the user's spelling if the text is the same. Sandbox: `StoredLabels`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		const sent = "\u00e9 & "
		made, err := a.mustMakeAssociation(ctx, a.between("labels", sent, "Beta"))
		if err != nil {
			return err
		}
		forms := []struct{ name, label string }{
			{"as sent", sent},
			{"without the trailing space", strings.TrimSpace(sent)},
			{"with `&amp;` for `&`", html.EscapeString(sent)},
			{"with letters and accents as separate characters", "e\u0301 & "},
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

// cut returns the first n characters of a label, or the whole label if n is 0.
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
			"The client ignores the case of object keys. Sandbox: `StoredObjectKeys`."},
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
		{"sides", "In which order are the sides `contact`, `business` stored?", "in ascending order of the object keys",
			"The state keeps the user's order. Sandbox: `KeepSides`."},
		{"labels-travel", "If the sides are swapped, do the labels follow their objects?", "they follow their objects",
			"The client pairs labels with objects, and corrects wrong labels with one update. Sandbox: `LabelsStay`."},
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
			seen["labels-travel"] = "they follow their objects"
		case slices.Equal(labels, []string{cut("Alpha", a.labelLength), cut("Beta", a.labelLength)}):
			seen["labels-travel"] = "they keep their positions"
		default:
			seen["labels-travel"] = "another form"
		}
		return nil
	},
}

var unknownObjectGroup = group{
	name: "an object that does not exist",
	questions: []question{
		{"unknown-object", "What does the create of an association with a missing object return?", "accepted",
			"The provider reports a refusal as an error. Sandbox: `StrictObjects`."},
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

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// figure is something that was measured, beside its goal.
type figure struct {
	column string
	value  float64
	form   string // for the value and for the goal
	known  bool
	goal   float64
	isGoal bool
	exact  bool // the goal must be reached on any machine
}

func count(column string, n int) figure {
	return figure{column: column, value: float64(n), form: "%.0f", known: true, exact: true}
}

func ratio(column string, value float64) figure {
	return figure{column: column, value: value, form: "%.2f", known: true}
}

func seconds(column string, d time.Duration) figure {
	return figure{column: column, value: d.Seconds(), form: "%.2f s", known: true}
}

// memory takes bytes; none are not known.
func memory(column string, bytes int64) figure {
	return figure{column: column, value: float64(bytes) / 1e6, form: "%.0f MB", known: bytes > 0}
}

// atMost sets the goal.
func (f figure) atMost(goal float64) figure {
	f.goal, f.isGoal = goal, true
	return f
}

// within sets the goal, unless it is 0 and there is none.
func (f figure) within(goal float64) figure {
	if goal == 0 {
		return f
	}
	return f.atMost(goal)
}

func (f figure) isMissed() bool { return f.known && f.isGoal && f.value > f.goal }

func (f figure) String() string {
	text := "n/a"
	if f.known {
		text = fmt.Sprintf(f.form, f.value)
	}
	if f.isGoal {
		text += fmt.Sprintf(" (≤ "+f.form+")", f.goal)
	}
	if f.isMissed() {
		text += " ✗"
	}
	return text
}

// report is the table, a line as soon as its figures are known, and what missed its goal.
type report struct {
	out    io.Writer
	missed []string
	failed bool
}

const (
	nameWidth   = 49
	figureWidth = 21
)

// heading begins a table.
func (r *report) heading(name string, columns ...string) {
	fmt.Fprintln(r.out)
	r.line(name, columns)
}

func (r *report) row(name string, figures ...figure) {
	texts := make([]string, len(figures))
	for i, f := range figures {
		texts[i] = f.String()
		if f.isMissed() {
			r.missed = append(r.missed, fmt.Sprintf("%s: %s %s", name, f.column, f))
			r.failed = r.failed || f.exact
		}
	}
	r.line(name, texts)
}

func (r *report) line(name string, cells []string) {
	var text strings.Builder
	fmt.Fprintf(&text, "%-*s", nameWidth, name)
	for _, cell := range cells {
		fmt.Fprintf(&text, " %-*s", figureWidth, cell)
	}
	fmt.Fprintln(r.out, strings.TrimRight(text.String(), " "))
}

// verdict lists the goals that were missed. It is an error where one of them has nothing to do with the machine.
func (r *report) verdict() error {
	if len(r.missed) == 0 {
		fmt.Fprintln(r.out, "\nEvery goal is reached.")
		return nil
	}
	fmt.Fprintf(r.out, "\nMissed (✗):\n  %s\n", strings.Join(r.missed, "\n  "))
	if r.failed {
		return errors.New("a goal that does not depend on the machine is missed")
	}
	return nil
}

// median is the middle one of an odd number of values.
func median[T int64 | float64 | time.Duration](values []T) T {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

package main

import "fmt"

const explanation = `
beyond no refresh  time in addition to plan -refresh=false; bound: requests × latency / 10 + 0.5 s
÷ one by one       the same, divided by the time for one request per object, ten at a time, plus 0.5 s
÷ floor            time, divided by the time for the same number of terraform_data resources (for creates, plus the waits for the rate limit)
Requests include token exchanges, and are the total of all sub-accounts, because the engine runs ten operations at a time for all of them.
`

// table formats a line of a Markdown table.
const table = "| %-56s | %-12s | %-9s | %-8s | %-22s | %-17s | %-15s | %-17s | %-7s | %-7s |\n"

// line is a line of the table. missed is set if a value exceeds its bound. failed is set if that bound holds on any machine.
type line struct {
	cells          []any
	missed, failed bool
}

// figure adds a measured value to the line, and its bound if isBound.
func (l *line) figure(form string, value, most float64, isBound bool) {
	text := fmt.Sprintf(form, value)
	if isBound {
		text = fmt.Sprintf(form+" (≤ "+form+")", value, most)
	}
	if isBound && value > most {
		text, l.missed = text+" ✗", true
	}
	l.cells = append(l.cells, text)
}

// line returns the table's line for one latency.
func (m measurement) line(s shape, i int) line {
	o, latency := m.runs[i], s.latencies[i]
	beyond := (o.took - m.unread.took).Seconds()
	l := line{cells: []any{fmt.Sprintf("%s, %d ms", s.name, latency.Milliseconds())}, missed: o.requests == 0}
	l.figure("%.0f", float64(o.requests), float64(s.mostRequests()), true)
	l.figure("%.0f", float64(o.refused), float64(s.refused*(o.requests+o.refused)/100), true)
	l.failed = l.missed
	l.figure("%.2f s", o.took.Seconds(), 0, false)
	l.figure("%.2f s", beyond, mostBeyond(o.requests, latency).Seconds(), s.isPlan())
	l.figure("%.2f", beyond/s.oneByOne(latency).Seconds(), 1, s.isPlan())
	l.figure("%.2f", o.took.Seconds()/(m.floor.took+s.underLimit()).Seconds(), s.overFloor, s.overFloor > 0)
	if !s.isPlan() {
		l.cells[4], l.cells[5] = "", ""
	}
	l.figure("%.0f MB", o.memory/1e6, s.megabytes, s.megabytes > 0)
	l.cells = append(l.cells, fmt.Sprintf("%d kB", o.state/1000), map[bool]string{false: "pass", true: "FAIL"}[l.missed])
	return l
}

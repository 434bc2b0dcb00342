package faults_test

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// rows reads the data source that lists an instance. An engine does so during an apply if the data source depends on a changed
// resource. It returns false if the read failed.
func (p *process) rows(i *instance) ([]tftypes.Value, bool) {
	kind := schemas().data[i.kind.data]
	config := map[string]tftypes.Value{"location_id": explicit(i.location)}
	if i.kind.ofWhat != "" {
		config[i.kind.ofWhat] = text(attribute(i.value, i.kind.fromWhat))
	}
	answer, err := p.server.ReadDataSource(context.WithValue(p.ctx, callKey{}, nil), &tfprotov6.ReadDataSourceRequest{
		TypeName: i.kind.data, Config: encode(kind, objectValue(kind, config)),
	})
	must(err)
	for _, d := range answer.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return nil, false
		}
	}
	var rows []tftypes.Value
	must(attributesOf(decode(kind, answer.State))[i.kind.rows].As(&rows))
	return rows, true
}

// writesAreVisible reads back what the process has just written or deleted.
func (w *world) writesAreVisible(p *process, address string, before, after *instance) {
	i := after
	if i == nil {
		i = before
	}
	rows, ok := p.rows(i)
	if !ok || p.wire.killed() || w.isMeddled() || w.schedule.hidesRows() || w.moves[i.object().key] { // a move deletes and creates the object during the read
		return
	}
	if i.kind.kind == sets {
		w.setIsShown(address, setIn(i.location, i.value), rows)
		return
	}
	shown := false
	for _, row := range rows {
		read := i.kind.of(i.location, row)
		if !i.object().isSame(read) {
			continue
		}
		shown = true
		if after != nil && i.kind.kind != relations && !w.isStored(read) {
			w.violated("a write is visible to later reads", "%s is shown as %s", address, row)
		}
	}
	oneSided := w.schedule.Quirks.OneSided && attribute(i.value, "association_id") == builtInID
	lags := i.kind.kind == relations && (w.schedule.Quirks.ListingLag > 0 || oneSided)
	if live := w.isLive(i); shown != live && !lags {
		w.violated("a write is visible to later reads", "%s: shown %t", address, shown)
	}
}

// hidesRows reports whether a listing may silently omit rows. No reader can then detect the missing rows.
func (s schedule) hidesRows() bool {
	return s.Quirks.Window > 0 || slices.ContainsFunc(s.Steps, s.hidesRowsIn)
}

// hidesRowsIn reports whether the faults of a step may silently hide rows.
func (s schedule) hidesRowsIn(one step) bool {
	return (s.Quirks.NoTotal || s.Quirks.BareLists || s.Quirks.TotalOfPage) && slices.ContainsFunc(one.Faults, func(o order) bool {
		return catalogue[o.Fault].hides || o.Then != nil && catalogue[o.Then.Fault].hides
	})
}

// faultCount is the maximum number of faults that may hit a step.
func (s step) faultCount() (n int) {
	for _, o := range s.Faults {
		n++
		if o.Then != nil {
			n++
		}
	}
	return n
}

// isStored reports whether the sandbox has an object exactly as it was read.
func (w *world) isStored(read object) bool {
	return slices.ContainsFunc(w.objects(), func(o object) bool { return o.id == read.id && o.content == read.content })
}

// setIsShown compares the data source's rows of a written set with the existing relations.
func (w *world) setIsShown(address string, s set, rows []tftypes.Value) {
	var shown []string
	for _, row := range rows {
		r := sandbox.Relation{LocationID: s.location, AssociationID: attribute(row, "association_id"), FirstRecordID: attribute(row, "first_record_id"), SecondRecordID: attribute(row, "second_record_id")}
		if id := s.relatedBy(r); id != "" {
			shown = append(shown, id)
		}
	}
	slices.Sort(shown)
	if there := w.setThere(s).related; !slices.Equal(shown, there) && w.schedule.Quirks.ListingLag == 0 {
		w.violated("a write is visible to later reads", "%s: shown %q of %q", address, shown, there)
	}
}

package faults_test

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// rows reads a data source that lists, as an engine does in the middle of an apply
// where it depends on what is being changed. False: it failed.
func (p *process) rows(location, dataSource, attributeName string, config map[string]tftypes.Value) ([]tftypes.Value, bool) {
	kind := schemas().data[dataSource]
	config["location_id"] = explicit(location)
	answer, err := p.server.ReadDataSource(context.WithValue(p.ctx, callKey{}, nil), &tfprotov6.ReadDataSourceRequest{
		TypeName: dataSource, Config: encode(kind, objectValue(kind, config)),
	})
	must(err)
	for _, d := range answer.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return nil, false
		}
	}
	var rows []tftypes.Value
	must(attributesOf(decode(kind, answer.State))[attributeName].As(&rows))
	return rows, true
}

// writesAreVisible reads back what the process has just written, or deleted.
func (w *world) writesAreVisible(p *process, address string, before, after *instance) {
	i := after
	if i == nil {
		i = before
	}
	var rows []tftypes.Value
	var ok bool
	if i.kind.name == associationType {
		rows, ok = p.rows(i.location, "ghl_associations", "associations", map[string]tftypes.Value{})
	} else {
		rows, ok = p.rows(i.location, "ghl_relations", "relations", map[string]tftypes.Value{"record_id": text(attribute(i.value, "first_record_id"))})
	}
	if !ok || p.wire.killed() || w.isMeddled() || w.schedule.hidesRows() || w.moves[i.naturalKey()] { // a move makes and deletes it meanwhile
		return
	}
	shown := false
	for _, row := range rows {
		if !i.isShown(row) {
			continue
		}
		shown = true
		if after != nil && i.kind.name == associationType && !w.isStored(i.location, row) {
			w.violated("a write is visible to later reads", "%s is shown as %s", address, row)
		}
	}
	oneSided := w.schedule.Quirks.OneSided && attribute(i.value, "association_id") == builtInID
	lags := i.kind.name == relationType && (w.schedule.Quirks.ListingLag > 0 || oneSided)
	if live := w.isLive(i); shown != live && !lags {
		w.violated("a write is visible to later reads", "%s: shown %t", address, shown)
	}
}

// isShown tells whether a row of a data source is the instance's. A relation that others
// made again has a new id, and is the same.
func (i *instance) isShown(row tftypes.Value) bool {
	return attribute(row, "id") == attribute(i.value, "id") || i.kind.name == relationType && i.isRelation(sandbox.Relation{
		AssociationID: attribute(row, "association_id"),
		FirstRecordID: attribute(row, "first_record_id"), SecondRecordID: attribute(row, "second_record_id"),
		FirstObjectKey: attribute(row, "first_object_key"), SecondObjectKey: attribute(row, "second_object_key"),
	})
}

// hidesRows tells whether a listing may lack rows and nothing tells: then no reader can
// know what it was not shown.
func (s schedule) hidesRows() bool {
	if s.Quirks.Window > 0 {
		return true
	}
	if !s.Quirks.NoTotal && !s.Quirks.BareLists && !s.Quirks.TotalOfPage {
		return false
	}
	for _, step := range s.Steps {
		for _, o := range step.Faults {
			if catalogue[o.Fault].hides || o.Then != nil && catalogue[o.Then.Fault].hides {
				return true
			}
		}
	}
	return false
}

// isStored tells whether an association is shown with the labels that it has.
func (w *world) isStored(location string, row tftypes.Value) bool {
	return slices.ContainsFunc(w.sandbox.Associations(location), func(a sandbox.Association) bool {
		return a.ID == attribute(row, "id") &&
			a.FirstObjectLabel == attribute(row, "first_object_label") && a.SecondObjectLabel == attribute(row, "second_object_label")
	})
}

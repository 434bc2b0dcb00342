package provider

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// BenchmarkRecordRelations measures the calls that a plan makes for one ghl_record_relations. Nearly all of the time is spent
// in tftypes, in a quadratic comparison of two equal sets.
func BenchmarkRecordRelations(b *testing.B) {
	for _, n := range []int{1, 1000} {
		s := newServedSet(b, n)
		for _, call := range []struct {
			name string
			make func() ([]*tfprotov6.Diagnostic, error)
		}{
			{"Read", s.read}, {"Plan", s.plan},
		} {
			b.Run(fmt.Sprintf("%s/%d", call.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					s.start() // like a plan by a new process, with empty caches
					b.StartTimer()
					if diags, err := call.make(); err != nil || len(diags) > 0 {
						b.Fatal(len(diags), err)
					}
				}
			})
		}
	}
}

// servedSet contains a provider, and the configuration and state of a ghl_record_relations.
type servedSet struct {
	b             *testing.B
	server        tfprotov6.ProviderServer
	settings      *tfprotov6.DynamicValue // of the provider
	config, state *tfprotov6.DynamicValue
}

func newServedSet(b *testing.B, n int) *servedSet {
	b.Helper()
	sb := sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: "school", Token: "pit-x"}}, RateLimit: sandbox.RateLimit{Unlimited: true}})
	web := httptest.NewServer(sb)
	b.Cleanup(web.Close)
	row := sb.AddAssociation(sandbox.Association{
		LocationID: "school", ID: "a1", Key: "taught_by", FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Student",
		SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Teacher",
	})
	var ids []tftypes.Value
	for i := range n {
		id := fmt.Sprintf("%024x", i)
		sb.AddRelation(sandbox.Relation{LocationID: "school", AssociationID: row.ID, FirstRecordID: id, SecondRecordID: "teacher-1"})
		ids = append(ids, tftypes.NewValue(tftypes.String, id))
	}
	schemas, err := NewServer("test")().GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	schema, values := schemas.ResourceSchemas["ghl_record_relations"], map[string]any{"association_id": "a1", "record_id": "teacher-1", "related_record_ids": ids}
	s := &servedSet{b: b, config: configOf(b, schema, values)}
	s.settings = configOf(b, schemas.Provider, map[string]any{"access_token": "pit-x", "location_id": "school", "base_url": web.URL})
	values["location_id"], values["id"] = "school", "a1/teacher-1"
	s.state = configOf(b, schema, values)
	return s
}

func (s *servedSet) start() {
	s.server = NewServer("test")()
	if _, err := s.server.ConfigureProvider(s.b.Context(), &tfprotov6.ConfigureProviderRequest{Config: s.settings}); err != nil {
		s.b.Fatal(err)
	}
}

func (s *servedSet) read() ([]*tfprotov6.Diagnostic, error) {
	answer, err := s.server.ReadResource(s.b.Context(), &tfprotov6.ReadResourceRequest{TypeName: "ghl_record_relations", CurrentState: s.state})
	return answer.Diagnostics, err
}

func (s *servedSet) plan() ([]*tfprotov6.Diagnostic, error) {
	answer, err := s.server.PlanResourceChange(s.b.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "ghl_record_relations", PriorState: s.state, ProposedNewState: s.state, Config: s.config,
	})
	return answer.Diagnostics, err
}

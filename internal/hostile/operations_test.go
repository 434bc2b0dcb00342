package hostile_test

import (
	"cmp"
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	association = "ghl_association"
	relation    = "ghl_relation"
)

// priors returns the states that reads, updates and deletions start from. A process without hostile input wrote them.
// The states are the same in every world.
var priors = sync.OnceValue(func() map[string]instance {
	w := newWorld()
	r := newRun(context.Background(), w, entry{})
	r.configure(usual(readAssociation, entry{}), nil)
	return map[string]instance{
		association: r.bring(association, home+"/"+w.mentor.ID),
		relation:    r.bring(relation, home+"/"+w.friend.ID+"/record-one/record-two"),
	}
})

// operation runs a verb as an engine does.
type operation func(r *run, e entry, fill func(string) string)

var operations = map[verb]operation{
	readAssociation:   func(r *run, _ entry, _ func(string) string) { r.read(priors()[association]) },
	readRelation:      func(r *run, _ entry, _ func(string) string) { r.read(priors()[relation]) },
	importAssociation: importing(association, "{HOME}/{MENTOR}"),
	importKey:         importing(association, "{HOME}/key:mentor"),
	importRelation:    importing(relation, "{HOME}/{FRIEND}/record-one/record-two"),
	makeAssociation:   making(association, given{"key": "made"}.with(labels("Maker", "Made"))),
	makeRelation: making(relation, given{
		"association_id": "{FRIEND}", "first_record_id": "record-one", "second_record_id": "record-three",
	}),
	changeAssociation: func(r *run, e entry, fill func(string) string) {
		config := given{"key": "mentor"}.with(labels("Other", "Another")).with(filled(e.attributes, fill))
		r.change(priors()[association], config.object(schemas().resources[association]))
	},
	removeAssociation: removing(association),
	removeRelation:    removing(relation),
	dataAssociation:   reading("ghl_association", given{"key": "mentor"}),
	dataAssociations:  reading("ghl_associations", given{}),
	dataRelations:     reading("ghl_relations", given{"record_id": "record-one"}),
	dataLocations:     reading("ghl_locations", given{"app_id": app}),
	dataRecord:        reading("ghl_record", given{"object_key": "custom_objects.property", "property": "number", "value": "P-100"}),
	dataContact:       reading("ghl_record", given{"object_key": "contact", "email": "ann@example.com"}),
	listAll:           listing(association, given{}),
	listOf:            listing(relation, given{"record_id": "record-one"}),
	openToken:         opening,
}

func labels(first, second string) given {
	return given{
		"first_object_key": "contact", "second_object_key": "contact", "first_object_label": first, "second_object_label": second,
	}
}

// filled replaces the placeholders in every text.
func filled(g given, fill func(string) string) given {
	names := given{}
	for name, value := range g {
		if text, ok := value.(string); ok {
			value = fill(text)
		}
		names[name] = value
	}
	return names
}

func importing(kind, id string) operation {
	return func(r *run, e entry, fill func(string) string) {
		r.bring(kind, fill(cmp.Or(e.importID, id)))
	}
}

func making(kind string, usual given) operation {
	return func(r *run, e entry, fill func(string) string) {
		t := schemas().resources[kind]
		r.change(instance{kind: kind, value: tftypes.NewValue(t, nil)}, filled(usual.with(e.attributes), fill).object(t))
	}
}

func removing(kind string) operation {
	return func(r *run, _ entry, _ func(string) string) {
		r.change(priors()[kind], tftypes.NewValue(schemas().resources[kind], nil))
	}
}

func reading(kind string, usual given) operation {
	return func(r *run, e entry, fill func(string) string) {
		t := schemas().data[kind]
		config := encode(t, filled(usual.with(e.attributes), fill).object(t))
		valid, err := r.server.ValidateDataResourceConfig(r.ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: kind, Config: config})
		must(err)
		if !r.heard(valid.Diagnostics) {
			return
		}
		answer, err := r.server.ReadDataSource(r.ctx, &tfprotov6.ReadDataSourceRequest{TypeName: kind, Config: config})
		must(err)
		r.heard(answer.Diagnostics)
		if kind == "ghl_locations" { // no sub-account of the agency is foreign
			r.accounts = append(r.accounts, decode(t, answer.State))
			return
		}
		r.results = append(r.results, decode(t, answer.State))
	}
}

func listing(kind string, usual given) operation {
	return func(r *run, e entry, fill func(string) string) {
		t := schemas().lists[kind]
		lists := r.server.(tfprotov6.ListResourceServer) //nolint:errcheck,forcetypeassert // the framework's server lists
		stream, err := lists.ListResource(r.ctx, &tfprotov6.ListResourceRequest{
			TypeName: kind, Config: encode(t, filled(usual.with(e.attributes), fill).object(t)), IncludeResource: true, Limit: 100,
		})
		must(err)
		for result := range stream.Results {
			r.heard(result.Diagnostics)
			r.others = append(r.others, result.DisplayName)
			if result.Resource != nil {
				r.results = append(r.results, decode(schemas().resources[kind], result.Resource))
			}
			if result.Identity != nil {
				r.identities = append(r.identities, decode(schemas().identity[kind], result.Identity.IdentityData))
			}
		}
	}
}

// opening opens the ephemeral resource for a sub-account's token. The result may contain the token, so the checks do
// not search the result.
func opening(r *run, e entry, fill func(string) string) {
	const kind = "ghl_location_access_token"
	t := schemas().ephemeral[kind]
	answer, err := r.server.OpenEphemeralResource(r.ctx, &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: kind, Config: encode(t, filled(e.attributes, fill).object(t)),
	})
	must(err)
	r.heard(answer.Diagnostics)
}

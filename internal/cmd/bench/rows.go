package main

import (
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	locationID = "bench"
	token      = "pit-bench"
	address    = "registry.terraform.io/terraform-provider-ghl/ghl"

	// platformRows is how many associations a sub-account has from the start.
	platformRows = 4
)

// newAccount is a sandbox with one sub-account that holds the platform's rows.
func newAccount(limit sandbox.RateLimit) *sandbox.Sandbox {
	return sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: locationID, Token: token}}, RateLimit: limit})
}

// providerSettings configures the provider for the sandbox at an address.
func providerSettings(url string) string {
	return fmt.Sprintf(`terraform {
  required_providers {
    ghl = {
      source = %q
    }
  }
}

provider "ghl" {
  base_url     = %q
  access_token = %q
  location_id  = %q
}

`, address, url, token, locationID)
}

var associationArguments = []argument{
	{"key", `"key_${count.index}"`},
	{"first_object_key", `"business"`},
	{"first_object_label", `"Firm ${count.index}"`},
	{"second_object_key", `"contact"`},
	{"second_object_label", `"Person ${count.index}"`},
}

// association is the row of the instance with an index.
func association(index int) sandbox.Association {
	return sandbox.Association{
		LocationID: locationID, Key: fmt.Sprintf("key_%d", index),
		FirstObjectKey: "business", FirstObjectLabel: fmt.Sprintf("Firm %d", index),
		SecondObjectKey: "contact", SecondObjectLabel: fmt.Sprintf("Person %d", index),
	}
}

// newAssociations is a configuration that has not been applied yet.
func newAssociations(n int) fixture {
	return fixture{resourceType: "ghl_association", provider: address, arguments: associationArguments, count: n}
}

// associations plants managed rows in the midst of others.
func associations(managed, others int) func(*sandbox.Sandbox) fixture {
	return func(api *sandbox.Sandbox) fixture {
		f := newAssociations(managed)
		amidst(managed, others, func(i int) {
			row := api.AddAssociation(association(i))
			if i < managed {
				f.instances = append(f.instances, associationInstance(i, row))
			}
		})
		return f
	}
}

func associationInstance(index int, row sandbox.Association) instance {
	return instance{
		Index: index,
		Attributes: map[string]any{
			"id": row.ID, "location_id": row.LocationID, "key": row.Key,
			"first_object_key": row.FirstObjectKey, "first_object_label": row.FirstObjectLabel,
			"second_object_key": row.SecondObjectKey, "second_object_label": row.SecondObjectLabel,
			"association_type": row.AssociationType, "deletion_protection": false, "timeouts": nil,
		},
		Identity: map[string]any{"location_id": row.LocationID, "id": row.ID},
	}
}

// shape says which records relations link: by the index of the instance, as expressions and as values.
type shape struct {
	first, second string
	ends          func(index int) (first, second int)
}

var (
	oneHub      = shape{"0", "${count.index}", func(i int) (int, int) { return 0, i }}
	allDistinct = shape{"${count.index}", "${count.index}", func(i int) (int, int) { return i, i }}
	complete32  = shape{"${floor(count.index / 32)}", "${count.index % 32}", func(i int) (int, int) { return i / 32, i % 32 }}
)

// relations plants managed rows in the midst of others, all under one association.
func relations(s shape, managed, others int) func(*sandbox.Sandbox) fixture {
	return func(api *sandbox.Sandbox) fixture {
		kind := api.AddAssociation(sandbox.Association{
			LocationID: locationID, Key: "attends",
			FirstObjectKey: "custom_objects.class", FirstObjectLabel: "Class",
			SecondObjectKey: "custom_objects.student", SecondObjectLabel: "Student",
		})
		f := fixture{resourceType: "ghl_relation", provider: address, count: managed, arguments: []argument{
			{"association_id", fmt.Sprintf("%q", kind.ID)},
			{"first_record_id", `"class-` + s.first + `"`},
			{"second_record_id", `"student-` + s.second + `"`},
		}}
		amidst(managed, others, func(i int) {
			first, second := s.ends(i)
			row := api.AddRelation(sandbox.Relation{
				LocationID: locationID, AssociationID: kind.ID,
				FirstRecordID: fmt.Sprintf("class-%d", first), SecondRecordID: fmt.Sprintf("student-%d", second),
			})
			if i < managed {
				f.instances = append(f.instances, relationInstance(i, row))
			}
		})
		return f
	}
}

func relationInstance(index int, row sandbox.Relation) instance {
	return instance{
		Index: index,
		Attributes: map[string]any{
			"id": row.ID, "location_id": row.LocationID, "association_id": row.AssociationID,
			"first_record_id": row.FirstRecordID, "first_object_key": row.FirstObjectKey,
			"second_record_id": row.SecondRecordID, "second_object_key": row.SecondObjectKey, "timeouts": nil,
		},
		Identity: map[string]any{
			"location_id": row.LocationID, "association_id": row.AssociationID,
			"first_record_id": row.FirstRecordID, "second_record_id": row.SecondRecordID,
		},
	}
}

// amidst plants the managed rows, which have the lowest indices, between two halves of the others.
func amidst(managed, others int, plant func(index int)) {
	half := managed + others/2
	for i := managed; i < half; i++ {
		plant(i)
	}
	for i := range managed {
		plant(i)
	}
	for i := half; i < managed+others; i++ {
		plant(i)
	}
}

package provider_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// A newer build can refresh and use the state and the identities that an older build wrote.
func TestAccUpgrade_olderBuild(t *testing.T) {
	a := newAccount(t)
	records := a.records(2)
	config := a.provider() + contacts("mentor", a.key("Mentor"), "Mentor", "Mentee", protected) +
		relation("link", "ghl_association.mentor.id", records[0], records[1])
	unprotectedConfig := a.provider() + contacts("mentor", a.key("Mentor"), "Mentor", "Mentee") +
		relation("link", "ghl_association.mentor.id", records[0], records[1])
	older, newer := a.serves("0.0.1"), a.serves("1.0.0")
	a.run(
		resource.TestStep{ProtoV6ProviderFactories: older, Config: config},
		resource.TestStep{PreConfig: a.forget, ProtoV6ProviderFactories: newer, Config: config, ConfigPlanChecks: doesNothing(), Check: a.wrote()},
		resource.TestStep{ProtoV6ProviderFactories: newer, Config: unprotectedConfig, Check: a.wrote()},
	)
}

// instances calls change for every instance in the state file, and writes the file again.
func (e *engine) instances(change func(resourceType string, instance map[string]any)) {
	e.t.Helper()
	var state map[string]any
	if err := json.Unmarshal([]byte(e.read("terraform.tfstate")), &state); err != nil {
		e.t.Fatal(err)
	}
	resources, _ := state["resources"].([]any)
	if len(resources) == 0 {
		e.t.Fatal("no resources in the state file")
	}
	for _, r := range resources {
		r, _ := r.(map[string]any)
		resourceType, _ := r["type"].(string)
		instances, _ := r["instances"].([]any)
		for _, i := range instances {
			i, _ := i.(map[string]any)
			change(resourceType, i)
		}
	}
	serial, _ := state["serial"].(float64)
	state["serial"] = serial + 1
	written, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		e.t.Fatal(err)
	}
	e.write("terraform.tfstate", string(written))
}

// The provider can use the state of an engine before 1.12 or of an older build, without private state and identities. An
// unknown attribute of a newer build and a missing attribute of this build are also accepted.
func TestAccUpgrade_foreignState(t *testing.T) {
	a := newSandboxAccount(t)
	config := association("sponsor", a.key("Sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"}, protected) +
		relation("link", "ghl_association.sponsor.id", "student-1", "contact-2")
	e := a.localEngine(config)
	e.apply()
	a.forget()

	e.instances(func(_ string, instance map[string]any) {
		for _, name := range []string{"private", "identity", "identity_schema_version"} {
			delete(instance, name)
		}
		attributes, _ := instance["attributes"].(map[string]any)
		attributes["attribute_of_a_newer_build"] = "x"
	})
	e.plansNothing()
	// deletion_protection in the state is sufficient, even without private state.
	says(t, e.fails("plan", "-no-color", "-destroy"), "Unable to Destroy Association", "deletion_protection")
	says(t, e.fails("plan", "-no-color", "-replace=ghl_association.sponsor"), "Unable to Replace Association", "deletion_protection")
	e.apply()
	e.plansNothing()
	a.mustHaveWritten()

	// A refresh adds the attributes that an older build did not write.
	e.instances(func(resourceType string, instance map[string]any) {
		delete(instance, "private")
		attributes, _ := instance["attributes"].(map[string]any)
		delete(attributes, "timeouts")
		if resourceType == "ghl_association" {
			delete(attributes, "association_type")
		} else {
			delete(attributes, "first_object_key")
			delete(attributes, "second_object_key")
		}
	})
	e.plansNothing()
	e.succeeds("apply", "-refresh-only", "-auto-approve", "-no-color")
	e.plansNothing()
	a.mustHaveWritten()
	e.instances(func(resourceType string, instance map[string]any) {
		attributes, _ := instance["attributes"].(map[string]any)
		if resourceType == "ghl_association" && attributes["association_type"] != "USER_DEFINED" {
			t.Errorf("association_type is %v after the refresh", attributes["association_type"])
		}
		if resourceType == "ghl_relation" && attributes["first_object_key"] != "custom_objects.student" {
			t.Errorf("first_object_key is %v after the refresh", attributes["first_object_key"])
		}
		identity, _ := instance["identity"].(map[string]any)
		if engineHasIdentity() && resourceType == "ghl_relation" && (identity["first_record_id"] != "contact-2" || identity["location_id"] != "loc-school") {
			t.Errorf("the relation's identity is %v after the refresh, want the stored order", identity)
		}
	})

	e.write("main.tf", association("sponsor", a.key("Sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"}))
	e.apply()
	e.destroy()
}

// The provider can use a state that the other engine wrote, which contains the address of another registry.
func TestAccUpgrade_otherRegistry(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(association("sponsor", a.key("sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"}) +
		relation("link", "ghl_association.sponsor.id", "student-1", "contact-2"))
	e.apply()
	a.forget()
	const terraform, tofu = "registry.terraform.io/", "registry.opentofu.org/"
	state := e.read("terraform.tfstate")
	if strings.Contains(state, tofu) {
		e.write("terraform.tfstate", strings.ReplaceAll(state, tofu, terraform))
	} else {
		e.write("terraform.tfstate", strings.ReplaceAll(state, terraform, tofu))
	}
	if e.read("terraform.tfstate") == state {
		t.Fatalf("the state contains no registry address:\n%s", state)
	}
	e.plansNothing()
	a.mustHaveWritten()
	e.destroy()
}

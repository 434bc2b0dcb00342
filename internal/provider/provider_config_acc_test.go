package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// If the token has expired or a scope is missing, the error says what happened and what to do. TestAccRefresh_faults tests a
// revoked token and the token of another sub-account.
func TestAccProvider_credentialRefused(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	e.env["TF_VAR_access_token"] = canary + "-expired"
	says(t, e.fails(applyCommand...), "Unable to Create Association", "GHL_ACCESS_TOKEN", "expires", "answered 401", "Invalid JWT", "trace id")
	a.faultsEnd(e) // the other token needs a new process
	e.env["TF_VAR_access_token"] = a.token
	a.sandbox.AddFault(sandbox.Fault{Method: "POST", Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")})
	says(t, e.fails(applyCommand...), "Unable to Create Association", "scope", "associations.write", "answered 401", "not authorized for this scope")
}

// A plan fails without a credential, without a sub-account and with invalid settings (TestEnvironmentIsChecked tests more of
// them). All settings can come from the environment.
func TestAccProvider_environment(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	without := func(name string, wanted ...string) {
		t.Helper()
		value := e.env[name]
		delete(e.env, name)
		says(t, e.fails("plan", "-no-color"), wanted...)
		e.env[name] = value
	}
	with := func(name, value string, wanted ...string) {
		t.Helper()
		before, was := e.env[name]
		e.env[name] = value
		says(t, e.fails("plan", "-no-color"), wanted...)
		delete(e.env, name)
		if was {
			e.env[name] = before
		}
	}
	without("GHL_ACCESS_TOKEN", "Unable to Configure Provider", "No credential is set", "access_token", "GHL_ACCESS_TOKEN")
	without("GHL_LOCATION_ID", "Unable to Plan Association", "location_id", "GHL_LOCATION_ID")
	with("GHL_BASE_URL", "http://example.com", "Unable to Configure Provider", "base_url", "GHL_BASE_URL", "https")
	with("GHL_MAX_RETRIES", "many", "Unable to Configure Provider", "GHL_MAX_RETRIES", `"many"`)
	e.succeeds("validate", "-no-color")
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests were made with an invalid configuration", n)
	}

	e.env["GHL_API_VERSION"] = "2023-02-21"
	e.env["GHL_REQUEST_TIMEOUT"] = "30s"
	e.env["TF_APPEND_USER_AGENT"] = "school/1.0 (night shift)"
	e.apply()
	agent := regexp.MustCompile(`^terraform-provider-ghl/9\.8\.7-test \(\+https://github\.com/terraform-provider-ghl/terraform-provider-ghl\) Terraform/[0-9.]+\S* school/1\.0 \(night shift\)$`)
	for _, r := range a.requests() {
		if got := r.Header.Get("User-Agent"); !agent.MatchString(got) {
			t.Errorf("%s %s with the User-Agent %q", r.Method, r.Path, got)
		}
		if got := r.Header.Get("Version"); got != "2023-02-21" {
			t.Errorf("%s %s with the Version %q, want 2023-02-21", r.Method, r.Path, got)
		}
	}

	// The configuration takes precedence over the environment.
	e.write("main.tf", strings.Replace(e.read("main.tf"), `"ghl" {}`, `"ghl" { location_id = "loc-school" }`, 1))
	e.env["GHL_LOCATION_ID"] = "loc-unknown"
	e.plansNothing()
	e.destroy()
}

// A base_url can have a path prefix, with or without a trailing slash. Every request has the expected headers.
func TestAccProvider_baseURL(t *testing.T) {
	a := newSandboxAccount(t, func(o *sandbox.Options) { o.Prefix = "/v1" })
	settings := func(base string) string {
		at := *a
		at.baseURL = base
		return at.provider("max_retries = 0", `request_timeout = "30s"`)
	}
	mentor := contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	a.run(
		resource.TestStep{
			Config:      settings(strings.TrimSuffix(a.baseURL, "/v1")) + lookup("x", `key = "x"`),
			ExpectError: words("Unable to Read Association", "base_url", "404", "Cannot GET"),
		},
		resource.TestStep{Config: settings(a.baseURL) + mentor},
		resource.TestStep{Config: settings(a.baseURL+"/") + mentor, PlanOnly: true},
	)
	for _, r := range a.requests() {
		for name, want := range map[string]string{"Version": "2021-07-28", "Accept": "application/json"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s %s with %s: %q, want %q", r.Method, r.Path, name, got, want)
			}
		}
	}
}

// settled returns a provider block with one value that is known only after another resource has been applied. The other
// resource does not contain the value, because the engine would log the value.
func settled(a *account, attribute string) string {
	lines := []string{}
	for name, value := range map[string]string{
		"location_id": fmt.Sprintf("%q", a.locationID), "access_token": "var.access_token", "base_url": fmt.Sprintf("%q", a.baseURL),
	} {
		if name == attribute {
			value = "terraform_data.settled.id == \"\" ? \"\" : " + value
		}
		lines = append(lines, name+" = "+value)
	}
	bare := *a
	bare.baseURL = "" // the lines contain base_url
	return "resource \"terraform_data\" \"settled\" {}\n\n" + bare.providerWith(lines...)
}

// If a provider setting is unknown at plan time, creates can be planned, and the apply runs them after the value is known. A
// data source fails, and the error contains the attribute and -target.
func TestAccProvider_unknownAtPlan(t *testing.T) {
	for _, setting := range []string{"location_id", "access_token", "base_url"} {
		t.Run(setting, func(t *testing.T) {
			a := newSandboxAccount(t)
			resources := contacts("mentor", a.key("mentor"), "Mentor", "Mentee") + relation("link", "ghl_association.mentor.id", "contact-1", "contact-2")
			e := a.attachedEngine(settled(a, setting) + lookup("system", `key = "OPPORTUNITIES_CONTACTS_ASSOCIATION"`))
			says(t, e.fails("plan", "-no-color"), "Unable to Read Association", "provider's "+setting+" is not known", "-target")
			e.write("main.tf", settled(a, setting)+resources)
			output := e.apply()
			says(t, output, "3 added, 0 changed, 0 destroyed")
			if setting == "location_id" {
				says(t, output, "+ location_id = (known after apply)")
			}
			e.hasAttributes("ghl_association.mentor", map[string]any{"location_id": "loc-school"})
			e.hasAttributes("ghl_relation.link", map[string]any{"location_id": "loc-school"})
			e.plansNothing()
			e.destroy()
		})
	}
}

// If a provider setting becomes unknown while resources exist, their read fails and says why. The state is not lost.
func TestAccProvider_unknownAtRefresh(t *testing.T) {
	a := newSandboxAccount(t)
	resources := contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	e := a.attachedEngine(a.provider() + resources)
	e.apply()
	e.write("main.tf", settled(a, "access_token")+resources)
	says(t, e.fails("plan", "-no-color"), "Unable to Read Association", "access_token is not known", "-target")
	e.write("main.tf", a.provider()+resources)
	e.plansNothing()
	e.destroy()
}

// If the default sub-account changes, the plan fails with an error that contains both sub-accounts. Nothing is replaced.
func TestAccProvider_changedDefaultLocation(t *testing.T) {
	a := newSandboxAccount(t, withSecondLocation(newToken()))
	mentor := a.addAssociation(a.key("friend"), "Friend", "Befriended")
	silent := contacts("mentor", a.key("mentor"), "Mentor", "Mentee") + relation("link", quoted(mentor.ID), "contact-1", "contact-2")
	explicit := strings.ReplaceAll(silent, "\n}\n", "\n  location_id = \"loc-school\"\n}\n")
	e := a.engine(silent)
	e.apply()
	a.forget()
	state := e.read("terraform.tfstate")

	e.env["GHL_LOCATION_ID"] = "loc-other"
	for _, command := range [][]string{{"plan", "-no-color"}, {"apply", "-auto-approve", "-no-color"}, {"destroy", "-auto-approve", "-no-color"}} {
		output := e.fails(command...)
		says(t, output, "Unable to Plan Association", "Unable to Plan Relation", `"loc-school"`, `"loc-other"`,
			"GHL_LOCATION_ID", `location_id = "loc-school"`, "destroy -refresh=false")
	}
	a.mustHaveWritten()
	if e.read("terraform.tfstate") != state {
		t.Error("the state has changed")
	}

	// The instructions in the error work.
	e.write("main.tf", explicit)
	e.plansNothing()
	e.write("main.tf", silent)
	e.succeeds("destroy", "-auto-approve", "-no-color", "-refresh=false")
	a.mustHaveWritten(`DELETE /associations/.*`, `DELETE /associations/.*`)
}

// An explicit location_id takes precedence over the provider's, in a resource, a data source and an import; without any
// location_id, the plan fails.
func TestAccProvider_explicitLocation(t *testing.T) {
	a := newSandboxAccount(t)
	nowhere := a.providerWith("access_token = var.access_token")
	elsewhere := a.providerWith("access_token = var.access_token", `location_id = "loc-elsewhere"`)
	here := `location_id = "loc-school"`
	mentor := contacts("mentor", a.key("mentor"), "Mentor", "Mentee", here)
	listed := "\ndata \"ghl_associations\" \"all\" {\n  " + here + "\n}\n"
	a.run(
		resource.TestStep{
			Config:      nowhere + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"),
			ExpectError: words("Unable to Plan Association", "No sub-account is set", "location_id", "GHL_LOCATION_ID"),
		},
		resource.TestStep{
			Config:      nowhere + lookup("x", `key = "x"`),
			ExpectError: words("Unable to Read Association", "location_id", "GHL_LOCATION_ID"),
		},
		resource.TestStep{
			Config: nowhere + mentor + listed,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.ghl_associations.all", tfjsonpath.New("associations"), knownvalue.NotNull()),
			},
		},
		resource.TestStep{PreConfig: a.forget, Config: elsewhere + mentor, ConfigPlanChecks: doesNothing(), Check: a.wrote()},
		resource.TestStep{
			ResourceName: "ghl_association.mentor", Config: elsewhere + mentor, ImportState: true, ImportStateVerify: true,
			ImportStateId: "loc-school/key:" + a.key("mentor"),
		},
		resource.TestStep{
			ResourceName: "ghl_association.mentor", Config: nowhere + mentor, ImportState: true,
			ImportStateId: "key:" + a.key("mentor"), ExpectError: words("location_id", "GHL_LOCATION_ID"),
		},
		// When location_id is in the state, it can be removed from the configuration if the default is the same or is not set.
		resource.TestStep{
			Config: nowhere + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"), ConfigPlanChecks: doesNothing(),
		},
	)
}

package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// choices is the configuration of a field with options. Each argument is "Label" or "key=Label".
func choices(options ...string) string {
	var lines []string
	for _, option := range options {
		if key, label, hasKey := strings.Cut(option, "="); hasKey {
			lines = append(lines, fmt.Sprintf("{ key = %q, label = %q },", key, label))
		} else {
			lines = append(lines, fmt.Sprintf("{ label = %q },", option))
		}
	}
	return petField("kind", "kind", "SINGLE_OPTIONS", "options = [\n    "+strings.Join(lines, "\n    ")+"\n  ]")
}

// wantOptions compares the stored options of a field, as "key=label", in order.
func (a *account) wantOptions(key string, want ...string) {
	a.t.Helper()
	lines := []string{}
	for _, o := range a.field(key).Options {
		lines = append(lines, o.Key+"="+o.Label)
	}
	if !slices.Equal(lines, want) {
		a.t.Errorf("options %q, want %q", lines, want)
	}
}

// changeOptions changes the options of the field "kind" without the provider.
func (a *account) changeOptions(change func([]sandbox.FieldOption) []sandbox.FieldOption) {
	a.sandbox.CustomFields().Update(a.locationID, a.field("kind").ID, func(f *sandbox.CustomField) { f.Options = change(slices.Clone(f.Options)) })
}

// Options get keys at creation and keep the order of the configuration. They can be added at any position, and renamed if their
// keys are set.
func TestAccCustomFieldOptions_lifecycle(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	const address = "ghl_custom_field.kind"
	key := func(i int) tfjsonpath.Path {
		return tfjsonpath.New("options").AtSliceIndex(i).AtMapKey("key")
	}
	steps := []resource.TestStep{
		{
			Config: a.provider() + choices("Dog", "feline=Cat", "Größe 2", "ÄÖ"),
			Check:  a.wrote(`POST .*"options":\[{"key":"dog","label":"Dog"},{"key":"feline","label":"Cat"},{"key":"gr_e_2","label":"Größe 2"},{"key":"option_4","label":"ÄÖ"}\].*`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, key(0), knownvalue.StringExact("dog")),
				statecheck.ExpectKnownValue(address, key(1), knownvalue.StringExact("feline")),
			},
		},
		{ // in another order, with one more option: each label keeps its key, and the keys are not sent
			PreConfig: a.forget,
			Config:    a.provider() + choices("Guinea Pig", "ÄÖ", "feline=Cat", "Dog", "Größe 2"),
			Check:     a.wrote(`PUT .*"options":\[{"label":"Guinea Pig"},{"label":"ÄÖ"},{"label":"Cat"},{"label":"Dog"},{"label":"Größe 2"}\].*`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, key(0), knownvalue.StringExact("guinea_pig")),
				statecheck.ExpectKnownValue(address, key(1), knownvalue.StringExact("option_4")),
				statecheck.ExpectKnownValue(address, key(3), knownvalue.StringExact("dog")),
			},
		},
		{ // a rename sends the keys
			PreConfig: a.forget,
			Config:    a.provider() + choices("Guinea Pig", "ÄÖ", "feline=Tom", "Dog", "Größe 2"),
			Check:     a.wrote(`PUT .*"options":\[{"key":"guinea_pig","label":"Guinea Pig"},{"key":"option_4","label":"ÄÖ"},{"key":"feline","label":"Tom"},.*`),
		},
		{ // a change to another attribute sends no options
			PreConfig: a.forget,
			Config:    a.provider() + strings.Replace(choices("Guinea Pig", "ÄÖ", "feline=Tom", "Dog", "Größe 2"), `"Kind"`, `"Sort"`, 1),
			Check:     a.wrote(`PUT .* {"description":"","locationId":"loc-school","name":"Sort","placeholder":"","showInForms":true}`),
		},
	}
	a.run(append(steps, importSteps(address, "{id}", "{location_id}/key:{object_key}.{key}")...)...)
}

// If the API refuses keys in an update, options can still be added. A rename fails with the server's message.
func TestAccCustomFieldOptions_keysRefused(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{OptionKeysRefusedOnUpdate: true})
	e := a.localEngine(choices("dog=Dog"))
	e.apply()
	e.write("main.tf", choices("Cat", "dog=Dog"))
	e.apply()
	a.wantOptions("kind", "cat=Cat", "dog=Dog")
	e.plansNothing()
	e.write("main.tf", choices("Cat", "dog=Hound"))
	says(t, e.fails(applyCommand...), "Unable to Update Custom Field", "property key should not exist")
	a.wantOptions("kind", "cat=Cat", "dog=Dog")
}

// A configured option cannot be removed, renamed without its key, or given another key. The plan fails and says what to do. After
// somebody deletes the option by hand, it can be removed from the configuration.
func TestAccCustomFieldOptions_takenAway(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(choices("Dog", "Cat"))
	e.apply()
	a.forget()
	for _, config := range []string{choices("Dog"), choices("Dog", "Tom"), choices("Dog", "tom=Cat"), petField("kind", "kind", "SINGLE_OPTIONS")} {
		e.write("main.tf", config)
		says(t, e.fails(applyCommand...), "Unable to Plan Custom Field", "no longer has", `"Cat" (key "cat")`, "delete it by hand in HighLevel")
	}
	a.mustHaveWritten()
	e.write("main.tf", petField("kind", "kind", "TEXT")) // a replacement deletes the options anyway
	e.succeeds("plan", "-no-color")
	a.changeOptions(func(o []sandbox.FieldOption) []sandbox.FieldOption { return o[:1] })
	e.write("main.tf", choices("Dog"))
	e.plansNothing()
	e.write("main.tf", choices("Dog", "Cat")) // and made again
	e.apply()
	a.wantOptions("kind", "dog=Dog", "cat=Cat")
}

// An option that somebody added by hand stays, with a warning, and updates send it too. The configuration can adopt it by its
// label.
func TestAccCustomFieldOptions_byHand(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(choices("Dog"))
	e.apply()
	a.changeOptions(func(o []sandbox.FieldOption) []sandbox.FieldOption {
		return append([]sandbox.FieldOption{{Key: "c", Label: "Cat"}}, o...)
	})
	says(t, e.succeeds("plan", "-no-color"), "No changes", "Options of a Custom Field Are Not in the Configuration", `"Cat" (key "c")`)
	e.plansNothing()
	e.write("main.tf", choices("Dog", "Cow"))
	e.apply()
	a.wantOptions("kind", "dog=Dog", "cow=Cow", "c=Cat")
	e.plansNothing()
	e.write("main.tf", choices("Cat", "Cow", "Dog"))
	doesNotSay(t, e.apply(), "Not in the Configuration")
	a.wantOptions("kind", "c=Cat", "cow=Cow", "dog=Dog")
	e.plansNothing()
	e.hasAttributes("ghl_custom_field.kind", map[string]any{"options": []any{
		map[string]any{"key": "c", "label": "Cat", "url": nil}, map[string]any{"key": "cow", "label": "Cow", "url": nil}, map[string]any{"key": "dog", "label": "Dog", "url": nil},
	}})
}

// An imported configuration may have fewer options than the field. The other options stay, and no plan fails. After the first
// apply, the configured options can no longer be removed.
func TestAccCustomFieldOptions_imported(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	field := a.addField("kind", "SINGLE_OPTIONS")
	a.changeOptions(func([]sandbox.FieldOption) []sandbox.FieldOption {
		return []sandbox.FieldOption{{Key: "d", Label: "Dog"}, {Key: "c", Label: "Cat"}, {Key: "o", Label: "Cow", URL: "https://example.com/cow.png"}}
	})
	e := a.localEngine(choices("Cat", "Dog") + importBlock("ghl_custom_field.kind", field.ID))
	says(t, e.apply(), `"Cow" (key "o")`, "1 imported, 0 added, 1 changed, 0 destroyed")
	a.wantOptions("kind", "c=Cat", "d=Dog", "o=Cow")
	if url := a.field("kind").Options[2].URL; url != "https://example.com/cow.png" {
		t.Errorf("its URL is %q", url)
	}
	e.plansNothing()
	e.write("main.tf", choices("Cat"))
	says(t, e.fails("plan", "-no-color"), "Unable to Plan Custom Field", `"Dog" (key "d")`)
}

// Options with unknown keys or labels can be planned.
func TestAccCustomFieldOptions_unknown(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	const data = "resource \"terraform_data\" \"label\" {\n  input = \"Dog\"\n}\n"
	e := a.localEngine(data + petField("kind", "kind", "SINGLE_OPTIONS", `options = [{ label = terraform_data.label.output }, { label = "Cat" }]`) +
		petField("sort", "sort", "RADIO", `options = [for l in [terraform_data.label.output] : { label = l }]`) +
		petField("made", "made", "RADIO", `options = toset([terraform_data.label.output]) == null ? null : [{ key = terraform_data.label.output, label = "x" }]`))
	e.apply()
	a.wantOptions("kind", "dog=Dog", "cat=Cat")
	a.wantOptions("sort", "dog=Dog")
	a.wantOptions("made", "Dog=x")
	e.plansNothing()
}

// Options whose rows have no keys are matched by label, and keep the keys in the state.
func TestAccCustomFieldOptions_withoutKeys(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(choices("Dog", "feline=Cat"))
	e.apply()
	a.changeOptions(func(o []sandbox.FieldOption) []sandbox.FieldOption {
		o[0].Key, o[1].Key = "", ""
		return o
	})
	e.plansNothing()
	e.succeeds("apply", "-auto-approve", "-no-color", "-refresh-only")
	e.hasAttributes("ghl_custom_field.kind", map[string]any{"options": []any{
		map[string]any{"key": "dog", "label": "Dog", "url": nil}, map[string]any{"key": "feline", "label": "Cat", "url": nil},
	}})
}

// While configured options are unknown, no option counts as removed.
func TestAccCustomFieldOptions_unknownAgain(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	config := func(again string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"dog\" {\n  input = \"Dog\"\n  triggers_replace = %q\n}\n", again) +
			petField("kind", "kind", "SINGLE_OPTIONS", `options = [{ label = terraform_data.dog.output }, { label = "Cat" }]`)
	}
	e := a.localEngine(config("1"))
	e.apply()
	e.write("main.tf", config("2"))
	e.apply()
	a.wantOptions("kind", "dog=Dog", "cat=Cat")
	e.plansNothing()
}

package provider

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// settings are the values of a provider block, by attribute. What is left out is null, or
// not there.
type settings map[string]attr.Value

const unableToConfigure = "Unable to Configure Provider"

// variable names the environment variable that stands in for an attribute.
func variable(attribute string) string { return "GHL_" + strings.ToUpper(attribute) }

// variables are those of several attributes.
func variables(attributes []string) string {
	names := make([]string, len(attributes))
	for i, attribute := range attributes {
		names[i] = variable(attribute)
	}
	return strings.Join(names, ", ")
}

// orVariable is an attribute and its variable, for a message.
func orVariable(attribute string) string { return attribute + " (or " + variable(attribute) + ")" }

// withEnvironment fills in what the configuration leaves out, and checks the whole. A
// variable that is empty counts as unset.
func (s settings) withEnvironment() (diags diag.Diagnostics) {
	diags = s.checkAddress()
	for _, setting := range allSettings {
		text := os.Getenv(variable(setting.name))
		configured, narrows := s[setting.name].(types.Set) // of ids, which the environment narrows
		if text == "" || s.isSet(setting.name) && (!narrows || !isWhollyKnown(configured)) {
			continue
		}
		value, problem := setting.kind.read(text)
		if problem != "" {
			diags.AddAttributeError(path.Root(setting.name), unableToConfigure, fmt.Sprintf("%s %s.", variable(setting.name), problem))
		}
		if environment, ok := value.(types.Set); ok && !configured.IsNull() {
			value = narrowed(configured, environment)
		}
		s[setting.name] = value
	}
	if strings.ContainsFunc(os.Getenv(appendUserAgent), unicode.IsControl) {
		diags.AddError(unableToConfigure, appendUserAgent+" must not contain line breaks or other control characters.")
	}
	return append(diags, s.checkCredentials()...)
}

// unknownConnection lists the settings that no call can do without, and whose values depend
// on something that has not been applied. Only what needs the default sub-account has to
// wait for location_id.
func (s settings) unknownConnection() (unknown []string) {
	for _, setting := range allSettings {
		if setting.name != "location_id" && !isWhollyKnown(s[setting.name]) {
			unknown = append(unknown, setting.name)
		}
	}
	return unknown
}

// isWhollyKnown tells whether a value and all that it holds are known.
func isWhollyKnown(value attr.Value) bool {
	if value == nil || value.IsNull() {
		return true
	}
	raw, err := value.ToTerraformValue(context.Background())
	return err == nil && raw.IsFullyKnown()
}

// isSet tells whether a setting has a value, if one that is not known yet.
func (s settings) isSet(name string) bool { return s[name] != nil && !s[name].IsNull() }

func (s settings) text(name string) string {
	text, _ := s[name].(types.String)
	return text.ValueString()
}

func (s settings) number(name string, fallback int) int {
	if number, ok := s[name].(types.Int64); ok && !number.IsNull() {
		return int(number.ValueInt64())
	}
	return fallback
}

func (s settings) duration(name string, fallback time.Duration) time.Duration {
	if duration, err := time.ParseDuration(s.text(name)); err == nil {
		return duration
	}
	return fallback
}

// tokens are the texts of a map, by key.
func (s settings) tokens(name string) map[string]string {
	tokens := map[string]string{}
	if elements, ok := s[name].(types.Map); ok {
		for key, element := range elements.Elements() {
			text, _ := element.(types.String)
			tokens[key] = text.ValueString()
		}
	}
	return tokens
}

// ids are those of a set; they are nil if there is none.
func (s settings) ids(name string) []string {
	set, ok := s[name].(types.Set)
	if !ok || set.IsNull() {
		return nil
	}
	ids := []string{}
	for _, element := range set.Elements() {
		id, _ := element.(types.String)
		ids = append(ids, id.ValueString())
	}
	return ids
}

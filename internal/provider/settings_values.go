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

// settings are the values of a provider block, by attribute. An omitted attribute is null
// or missing.
type settings map[string]attr.Value

const unableToConfigure = "Unable to Configure Provider"

// variable returns the name of an attribute's environment variable.
func variable(attribute string) string { return "GHL_" + strings.ToUpper(attribute) }

// variables returns the names of several attributes' environment variables.
func variables(attributes []string) string {
	names := make([]string, len(attributes))
	for i, attribute := range attributes {
		names[i] = variable(attribute)
	}
	return strings.Join(names, ", ")
}

// orVariable returns the names of an attribute and its variable, for a message.
func orVariable(attribute string) string { return attribute + " (or " + variable(attribute) + ")" }

// withEnvironment fills in omitted attributes from the environment, and checks the
// result. An empty variable counts as unset.
func (s settings) withEnvironment() (diags diag.Diagnostics) {
	diags = s.checkAddress()
	for _, setting := range allSettings {
		text := os.Getenv(variable(setting.name))
		configured, narrows := s[setting.name].(types.Set) // the environment narrows a configured set of ids
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

// unknownConnection lists the settings that every call needs and whose values depend on
// something that has not been applied. The list never includes location_id, because only
// operations in the default sub-account need it.
func (s settings) unknownConnection() (unknown []string) {
	for _, setting := range allSettings {
		if setting.name != "location_id" && !isWhollyKnown(s[setting.name]) {
			unknown = append(unknown, setting.name)
		}
	}
	return unknown
}

// isWhollyKnown reports whether a value and everything in it are known.
func isWhollyKnown(value attr.Value) bool {
	if value == nil || value.IsNull() {
		return true
	}
	raw, err := value.ToTerraformValue(context.Background())
	return err == nil && raw.IsFullyKnown()
}

// isSet reports whether a setting has a value, even one that is not known yet.
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

// tokens returns the strings of a map, by key.
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

// ids returns the ids in a set, or nil if there is no set.
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

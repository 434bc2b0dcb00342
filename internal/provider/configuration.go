package provider

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// configuration is what one server is configured with, for as long as it runs. An engine
// starts a process for each provider block and each run. Under -debug one process
// serves them all, and the data that a Configure hands out serves the calls of every
// block: a second one with other settings would send them to its own sub-account.
type configuration struct {
	mu       sync.Mutex    // held throughout a Configure
	settings []setting     // nil before the first Configure that went well
	data     *providerData // what the last one made
}

// differing names the settings that are not those of earlier Configures. What was not
// known there may be anything. It is called with mu held, as keep is.
func (c *configuration) differing(model providerModel) (names []string) {
	if c.settings == nil {
		return nil
	}
	for i, now := range model.settings() {
		if isWhollyKnown(now.value) && isWhollyKnown(c.settings[i].value) && !now.value.Equal(c.settings[i].value) {
			names = append(names, now.name)
		}
	}
	return names
}

// keep remembers a Configure that went well.
func (c *configuration) keep(model providerModel, data *providerData) {
	c.data = data
	settings := model.settings()
	for i, earlier := range c.settings {
		if isWhollyKnown(earlier.value) {
			settings[i] = earlier
		}
	}
	c.settings = settings
}

// setting is one attribute of the provider.
type setting struct {
	name  string
	value attr.Value
}

// settings are all attributes, always in the same order.
func (m providerModel) settings() []setting {
	return append(m.connection(), setting{"location_id", m.LocationID})
}

// configuredOtherwise is the error for settings that differ from those of an earlier
// Configure.
func configuredOtherwise(differing []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Configure Provider", fmt.Sprintf(
		"This process of the provider is configured already, and its settings differ from these: %s. "+
			"Under -debug, one process serves all provider blocks and all runs, so all must have the same settings. "+
			"Use one provider block, or start the provider again to change its settings.", strings.Join(differing, ", ")))
}

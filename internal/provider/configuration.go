package provider

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// configuration is what one server is configured with, for as long as it runs. An engine
// starts a process for each provider block and each run. Under -debug one process
// serves them all, and the data that a Configure hands out serves the calls of every
// block: a second one with other settings would send them to its own sub-account.
type configuration struct {
	mu       sync.Mutex    // held throughout a Configure
	settings settings      // nil before the first Configure that went well
	data     *providerData // what the last one made
}

// differing names the settings that are not those of earlier Configures. What was not
// known there may be anything. It is called with mu held, as keep is.
func (c *configuration) differing(now settings) (names []string) {
	for _, setting := range allSettings {
		before, after := c.settings[setting.name], now[setting.name]
		if c.settings != nil && isWhollyKnown(before) && isWhollyKnown(after) && !after.Equal(before) {
			names = append(names, setting.name)
		}
	}
	return names
}

// keep remembers a Configure that went well.
func (c *configuration) keep(now settings, data *providerData) {
	c.data = data
	for name, earlier := range c.settings {
		if isWhollyKnown(earlier) {
			now[name] = earlier
		}
	}
	c.settings = now
}

// configuredOtherwise is the error for settings that differ from those of an earlier
// Configure.
func configuredOtherwise(differing []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(unableToConfigure, fmt.Sprintf(
		"This process of the provider is configured already, and its settings differ from these: %s. "+
			"Under -debug, one process serves all provider blocks and all runs, so all must have the same settings. "+
			"Use one provider block, or start the provider again to change its settings.", strings.Join(differing, ", ")))
}

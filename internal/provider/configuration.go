package provider

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// configuration is the configuration of one provider server while it runs. An engine
// normally starts a process for each provider block and each run. With -debug, one
// process serves all blocks and all runs, and all blocks share the data of the last
// Configure. A second Configure with different settings would send the calls of the first
// block to the wrong sub-account.
type configuration struct {
	mu       sync.Mutex    // locked during a Configure
	settings settings      // nil before the first successful Configure
	data     *providerData // from the last Configure
}

// differing lists the settings that differ from earlier Configures. A setting that was
// unknown in an earlier Configure may have any value. Callers of differing and keep must
// hold mu.
func (c *configuration) differing(now settings) (names []string) {
	for _, setting := range allSettings {
		before, after := c.settings[setting.name], now[setting.name]
		if c.settings != nil && isWhollyKnown(before) && isWhollyKnown(after) && !after.Equal(before) {
			names = append(names, setting.name)
		}
	}
	return names
}

// keep stores the settings and the data of a successful Configure.
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
		"This provider process is already configured, and these settings differ: %s. "+
			"With -debug, one process serves all provider blocks and all runs, so all must have the same settings. "+
			"Use one provider block, or start the provider again to change its settings.", strings.Join(differing, ", ")))
}

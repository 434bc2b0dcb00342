package provider

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// deletion_protection is kept in three places, since a plan does not always see
// the state: where an instance is tainted or named by -replace, it is planned as
// if there were none, and its relations would be deleted before its own Delete
// is ever asked.
//
//   - the state: for a destroy, and for a replacement that the plan can see;
//   - private state: the engine hands it on under -replace, with or without refresh;
//   - readKeys: what the refresh of this very plan saw, for a tainted instance.

// privateProtection is the key in private state: true, or not there.
const privateProtection = "deletion_protection"

// readKeys remembers the keys of the associations that were read and found, and
// whether they are protected. Its zero value is ready.
type readKeys struct {
	mu        sync.Mutex
	protected map[[2]string]bool
}

func (k *readKeys) note(locationID, key string, isProtected bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.protected == nil {
		k.protected = map[[2]string]bool{}
	}
	k.protected[[2]string{locationID, strings.ToLower(key)}] = isProtected
}

func (k *readKeys) forget(locationID, key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.protected, [2]string{locationID, strings.ToLower(key)})
}

func (k *readKeys) lookUp(locationID, key string) (isProtected, wasRead bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	isProtected, wasRead = k.protected[[2]string{locationID, strings.ToLower(key)}]
	return isProtected, wasRead
}

// privateState is the private state of a response.
type privateState interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// keepProtection writes the flag into private state.
func keepProtection(ctx context.Context, private privateState, isProtected bool) diag.Diagnostics {
	if !isProtected {
		return private.SetKey(ctx, privateProtection, nil) // removes it
	}
	return private.SetKey(ctx, privateProtection, []byte("true"))
}

// protectedError refuses to destroy or replace a protected association.
func protectedError(verb, key string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "Unable to "+verb+" Association",
		fmt.Sprintf("The association %q has deletion_protection = true in the state, and all its relations would be deleted with it.\n\n"+
			"If that is what you want, set deletion_protection = false, apply that alone, and then plan this again. "+
			"An instance that is only marked as tainted is unmarked by the engine's untaint command.", key))
}

// destroyWarning says what a planned destroy takes along.
func destroyWarning(state associationModel) diag.Diagnostic {
	if state.PlatformMade.ValueBool() {
		return diag.NewWarningDiagnostic("Destroying an Association That HighLevel Made", platformGoes(state.Key.ValueString()))
	}
	return diag.NewWarningDiagnostic("Destroying an Association Deletes All Its Relations", relationsGo(state.Key.ValueString()))
}

// replaceWarning says what a planned replacement takes along.
func replaceWarning(state associationModel) diag.Diagnostic {
	if state.PlatformMade.ValueBool() {
		return diag.NewWarningDiagnostic("Replacing an Association That HighLevel Made", platformGoes(state.Key.ValueString()))
	}
	return diag.NewWarningDiagnostic("Replacing an Association Deletes All Its Relations",
		relationsGo(state.Key.ValueString())+" The new association starts with only those that a configuration manages.\n\n"+createBeforeDestroy)
}

func relationsGo(key string) string {
	return fmt.Sprintf("With the association %q, HighLevel deletes all its relations, also those that no configuration manages. They cannot be brought back.", key)
}

func platformGoes(key string) string {
	return fmt.Sprintf("HighLevel made the association %q itself, and may rely on it. Nobody can make it again: HighLevel stores the keys of others in lower case. All its relations are deleted with it.\n\n"+
		"To keep it, take it out of the state instead, with a removed block or the engine's command state rm.", key)
}

const createBeforeDestroy = "Under create_before_destroy a key cannot exist twice: remove that setting from the association, or change the key."

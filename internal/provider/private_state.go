package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// These constants are the keys of private state. Private state stores values that must
// outlast a process but are not attributes. The values are JSON, and zero values are
// omitted.
const (
	privateProtection = "deletion_protection" // as in state
	privateStoredKey  = "stored_key"          // an association's key as HighLevel stores it, if it differs from the key in state by more than case
	privateImported   = "imported"            // whether no apply has changed a custom field since its import
	privateMovedFrom  = "moved_from"          // the previous folder of a custom field that somebody has moved by hand
	privateCreatedAt  = "created_at"          // when a relation was created: a new relation can be missing from listings for a while
)

// keepPrivate writes a value into the private state of a response.
func keepPrivate[T comparable](ctx context.Context, private interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}, key string, value T,
) diag.Diagnostics {
	return private.SetKey(ctx, key, encodePrivate(value)) // nil removes it
}

func encodePrivate[T comparable](value T) []byte {
	var none T
	encoded, err := json.Marshal(value)
	if err != nil || value == none {
		return nil
	}
	return encoded
}

// keptPrivate reads a value from the private state of a request.
func keptPrivate[T any](ctx context.Context, private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}, key string, diags *diag.Diagnostics,
) T {
	encoded, problems := private.GetKey(ctx, key)
	diags.Append(problems...)
	return decodePrivate[T](encoded)
}

// decodePrivate decodes a value that encodePrivate encoded. For anything else, it returns
// the zero value.
func decodePrivate[T any](encoded []byte) T {
	var value, none T
	if json.Unmarshal(encoded, &value) != nil {
		return none
	}
	return value
}

package provider

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// notEmpty is for ids, object keys and settings. Blanks around one come from a copy or a
// file, and HighLevel would look for them.
var notEmpty = []validator.String{stringvalidator.LengthAtLeast(1), plainText{}}

// anyKey is for keys of associations: whatever is stored as one can be managed.
var anyKey = []validator.String{stringvalidator.LengthAtLeast(1), plainText{isKey: true}}

// anyText is for labels, which may hold whatever somebody has typed, and for tokens,
// which the client checks.
var anyText = []validator.String{stringvalidator.LengthAtLeast(1)}

// plainText validates a text without blanks around it and, unless it is a key, without
// control characters.
type plainText struct{ isKey bool }

func (v plainText) Description(context.Context) string {
	if v.isKey {
		return "must neither begin nor end with white space"
	}
	return "must neither begin nor end with white space, nor contain a control character"
}

func (v plainText) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v plainText) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	problem := textProblem(req.ConfigValue)
	if v.isKey {
		problem = edgeProblem(req.ConfigValue)
	}
	if problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Text", fmt.Sprintf("%s %s.", req.Path, problem))
	}
}

// textProblem says what is wrong with an id, an object key or a setting, or "". It does not
// repeat the value, which may hold a password.
func textProblem(value types.String) string {
	if problem := edgeProblem(value); problem != "" {
		return problem
	}
	if strings.ContainsFunc(value.ValueString(), unicode.IsControl) {
		return "must not contain line breaks or other control characters"
	}
	return ""
}

func edgeProblem(value types.String) string {
	if text := value.ValueString(); strings.TrimSpace(text) != text {
		return "must not begin or end with white space or a line break"
	}
	return ""
}

// positiveDuration validates a text that time.ParseDuration reads.
type positiveDuration struct{}

func (positiveDuration) Description(context.Context) string {
	return `must be a duration above zero, such as "90s" or "2m"`
}

func (v positiveDuration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (positiveDuration) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if problem := durationProblem(req.ConfigValue); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Duration", fmt.Sprintf("%s %s", req.Path, problem))
	}
}

// durationProblem says what is wrong with a duration, or "".
func durationProblem(value types.String) string {
	if value.IsNull() || value.IsUnknown() {
		return ""
	}
	if duration, err := time.ParseDuration(value.ValueString()); err != nil || duration <= 0 {
		return fmt.Sprintf(`must be a duration above zero, such as "90s" or "2m". It is %q.`, value.ValueString())
	}
	return ""
}

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

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// anID is for ids of HighLevel's objects.
var anID = []validator.String{stringvalidator.LengthAtLeast(1), plainText{problem: idProblem}}

// notEmpty is for object keys and settings. Blanks around one come from a copy or a
// file, and HighLevel would look for them.
var notEmpty = []validator.String{stringvalidator.LengthAtLeast(1), plainText{problem: textProblem}}

// anyKey is for keys of associations: whatever is stored as one can be managed.
var anyKey = []validator.String{stringvalidator.LengthAtLeast(1), plainText{problem: edgeProblem}}

// anyText is for labels, which may hold whatever somebody has typed, and for tokens,
// which the client checks.
var anyText = []validator.String{stringvalidator.LengthAtLeast(1)}

// plainText validates a text that has no problem.
type plainText struct {
	problem func(types.String) string // says what is wrong, or ""
}

func (plainText) Description(context.Context) string {
	return "must neither begin nor end with white space, nor contain what would do harm in its place"
}

func (v plainText) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v plainText) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if problem := v.problem(req.ConfigValue); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Text", fmt.Sprintf("%s %s.", req.Path, problem))
	}
}

// idProblem says what is wrong with an id, or "".
func idProblem(value types.String) string {
	if problem := edgeProblem(value); problem != "" {
		return problem
	}
	if err := ghl.CheckID(value.ValueString()); err != nil {
		return err.Error()
	}
	return ""
}

// textProblem says what is wrong with an object key or a setting, or "". It does not
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

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

// anID validates ids of HighLevel's objects.
var anID = []validator.String{stringvalidator.LengthAtLeast(1), plainText(idProblem)}

// notEmpty validates object keys and settings. Leading and trailing blanks come from
// copying or from a file, and HighLevel would treat them as part of the value.
var notEmpty = []validator.String{stringvalidator.LengthAtLeast(1), plainText(textProblem)}

// anyKey validates keys of associations. It accepts every key that HighLevel stores, so
// that every association can be managed.
var anyKey = []validator.String{stringvalidator.LengthAtLeast(1), plainText(edgeProblem)}

// anyText validates labels, which may contain anything, and tokens, which the client
// checks.
var anyText = []validator.String{stringvalidator.LengthAtLeast(1)}

// aDuration validates durations for time.ParseDuration.
var aDuration = []validator.String{check{"Invalid Duration", `must be a duration above zero, such as "90s" or "2m"`, durationProblem}}

// oneOf validates settings that have two values.
func oneOf(first, second string) []validator.String {
	must := fmt.Sprintf("must be %q or %q", first, second)
	return []validator.String{check{"Invalid Choice", must, func(value types.String) string {
		if value.IsNull() || value.IsUnknown() || value.ValueString() == first || value.ValueString() == second {
			return ""
		}
		return fmt.Sprintf("%s. It is %q", must, value.ValueString())
	}}}
}

func plainText(problem func(types.String) string) check {
	return check{"Invalid Text", "must not begin or end with white space, and must not contain unsafe characters", problem}
}

// check validates a string in an attribute or a variable.
type check struct {
	summary, description string
	problem              func(types.String) string // says what is wrong, or ""
}

func (c check) Description(context.Context) string         { return c.description }
func (c check) MarkdownDescription(context.Context) string { return c.description }

func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if problem := c.problem(req.ConfigValue); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, c.summary, fmt.Sprintf("%s %s.", req.Path, problem))
	}
}

// problemOf says what the validators find wrong with a non-empty string, or "".
func problemOf(validators []validator.String, value types.String) (problem string) {
	for _, v := range validators {
		if c, ok := v.(check); ok && problem == "" {
			problem = c.problem(value)
		}
	}
	return problem
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
// repeat the value, which may contain a password.
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

// durationProblem says what is wrong with a duration, or "".
func durationProblem(value types.String) string {
	if value.IsNull() || value.IsUnknown() {
		return ""
	}
	if duration, err := time.ParseDuration(value.ValueString()); err != nil || duration <= 0 {
		return fmt.Sprintf(`must be a duration above zero, such as "90s" or "2m". It is %q`, value.ValueString())
	}
	return ""
}

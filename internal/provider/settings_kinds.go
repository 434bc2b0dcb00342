package provider

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// settingKind is the type of a setting, as an attribute and as a variable.
type settingKind struct {
	attribute func(description string, isSecret bool) schema.Attribute
	read      func(variable string) (value attr.Value, problem string)
}

// text is a string setting. The attribute and the variable have the same validation.
func text(validators []validator.String) settingKind {
	return settingKind{
		attribute: func(description string, isSecret bool) schema.Attribute {
			return schema.StringAttribute{MarkdownDescription: description, Sensitive: isSecret, Optional: true, Validators: validators}
		},
		read: func(variable string) (attr.Value, string) {
			value := types.StringValue(variable)
			return value, problemOf(validators, value)
		},
	}
}

func wholeNumber(least int64) settingKind {
	return settingKind{
		attribute: func(description string, _ bool) schema.Attribute {
			return schema.Int64Attribute{MarkdownDescription: description, Optional: true, Validators: []validator.Int64{int64validator.Between(least, math.MaxInt32)}}
		},
		read: func(variable string) (attr.Value, string) {
			number, err := strconv.ParseInt(variable, 10, 32)
			if err != nil || number < least {
				return types.Int64Null(), fmt.Sprintf("must be a whole number from %d to %d. It is %q", least, math.MaxInt32, variable)
			}
			return types.Int64Value(number), ""
		},
	}
}

var tokensByLocation = settingKind{
	attribute: func(description string, isSecret bool) schema.Attribute {
		return schema.MapAttribute{MarkdownDescription: description, Sensitive: isSecret, ElementType: types.StringType, Optional: true}
	},
	read: func(variable string) (attr.Value, string) {
		var tokens map[string]*string // nil for null
		if json.Unmarshal([]byte(variable), &tokens) != nil || tokens == nil {
			// The decoder's own error might contain a token.
			return types.MapUnknown(types.StringType), `must be a JSON object that maps each sub-account's id to its token, such as {"ve9EPM428h8vShlRW1KT": "pit-..."}`
		}
		elements := map[string]attr.Value{}
		for id, token := range tokens {
			elements[id] = types.StringPointerValue(token)
		}
		return types.MapValueMust(types.StringType, elements), ""
	},
}

var ids = settingKind{
	attribute: func(description string, _ bool) schema.Attribute {
		return schema.SetAttribute{MarkdownDescription: description, ElementType: types.StringType, Optional: true, Validators: []validator.Set{setvalidator.ValueStringsAre(anID...)}}
	},
	read: func(variable string) (value attr.Value, problem string) {
		elements := []attr.Value{}
		for _, id := range commaSeparated(variable) {
			element := types.StringValue(id)
			if wrong := idProblem(element); wrong != "" {
				problem = "contains an id that " + wrong
			}
			elements = append(elements, element)
		}
		return types.SetValueMust(types.StringType, elements), problem
	},
}

// narrowed returns the intersection of the two sets.
func narrowed(configured, environment types.Set) types.Set {
	return types.SetValueMust(types.StringType, slices.DeleteFunc(environment.Elements(), func(id attr.Value) bool {
		return !slices.ContainsFunc(configured.Elements(), id.Equal)
	}))
}

// commaSeparated returns the entries of a comma-separated list.
func commaSeparated(text string) []string {
	var entries []string
	for entry := range strings.SplitSeq(text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}

package sandbox

import (
	"slices"
	"strings"
)

// recordFilter is a condition on a property of records, or a group of conditions.
type recordFilter struct {
	Group   string         `json:"group"` // AND or OR: how the Filters are combined
	Filters []recordFilter `json:"filters"`

	Field    string `json:"field"` // properties.name
	Operator string `json:"operator"`
	Value    any    `json:"value"`
}

// propertyPrefix is the prefix of property names in filters.
const propertyPrefix = "properties."

// recordsWanted returns the condition of a search, which contains filters or a query. If the search is invalid, it returns the
// problem.
func (c *call) recordsWanted(o *Object) (wanted func(map[string]any) bool, problem string) {
	query, hasQuery := c.fields[fieldQuery]
	var filters []recordFilter
	c.read(fieldFilters, &filters)
	if !hasQuery && filters == nil {
		return nil, emptyField(fieldQuery)
	}
	all := recordFilter{Group: "AND", Filters: filters}
	if c.quirks.FuzzySearch {
		all = all.fuzzy()
	}
	return func(properties map[string]any) bool {
		return all.holds(properties) && o.finds(properties, query)
	}, all.problem()
}

// finds reports whether a searchable property of a record contains a text. The text may specify the property, as in name:Rex.
func (o *Object) finds(properties map[string]any, query string) bool {
	if query == "" {
		return true
	}
	return slices.ContainsFunc(o.SearchableProperties, func(fieldKey string) bool {
		name := strings.TrimPrefix(fieldKey, o.Key+".")
		value := strings.ToLower(propertyText(properties, name))
		of, text, named := strings.Cut(query, ":")
		return strings.Contains(value, strings.ToLower(query)) || named && of == name && strings.Contains(value, strings.ToLower(text))
	})
}

// fuzzy returns a copy of the filter that also matches values that contain the required value.
func (f recordFilter) fuzzy() recordFilter {
	inner := f.Filters
	f.Filters = nil
	for _, filter := range inner {
		f.Filters = append(f.Filters, filter.fuzzy())
	}
	if f.Operator == "eq" {
		f.Operator = "contains"
	}
	return f
}

// problem returns the error in the form of a filter or of a nested filter, or "".
func (f recordFilter) problem() string {
	if f.Field == "" && (f.Group == "AND" || f.Group == "OR") {
		for _, inner := range f.Filters {
			if problem := inner.problem(); problem != "" {
				return problem
			}
		}
		return ""
	}
	switch {
	case !strings.HasPrefix(f.Field, propertyPrefix):
		return "filters: field must begin with " + propertyPrefix
	case !slices.Contains([]string{"eq", "not_eq", "contains"}, f.Operator):
		return "filters: operator must be one of the following values: eq, not_eq, contains"
	default:
		return ""
	}
}

// holds reports whether a record with these properties satisfies the filter.
func (f recordFilter) holds(properties map[string]any) bool {
	passes := func(inner recordFilter) bool { return inner.holds(properties) }
	have := propertyText(properties, strings.TrimPrefix(f.Field, propertyPrefix))
	want := propertyText(map[string]any{"": f.Value}, "")
	switch {
	case f.Group == "OR":
		return slices.ContainsFunc(f.Filters, passes)
	case f.Group == "AND":
		return !slices.ContainsFunc(f.Filters, func(inner recordFilter) bool { return !passes(inner) })
	case f.Operator == "contains":
		return strings.Contains(strings.ToLower(have), strings.ToLower(want))
	default:
		return (have == want) == (f.Operator == "eq")
	}
}

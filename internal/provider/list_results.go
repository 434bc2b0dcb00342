package provider

import (
	"context"
	"iter"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// listLocationAttribute is the location_id of every list.
func listLocationAttribute() schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: "Id of the sub-account (location) to list. Default: the provider's `location_id`, or `GHL_LOCATION_ID`.",
		Optional:            true, Validators: anID,
	}
}

// listResults streams rows as results, as many as the engine asks for. An error is
// a result of its own: nothing else reaches the user once the stream has begun.
func listResults[T any](rows iter.Seq2[T, error], limit int64, failed func(error) diag.Diagnostic, result func(T) list.ListResult) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		pushed := int64(0)
		for row, err := range rows {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{failed(err)}})
				return
			}
			pushed++
			if !push(result(row)) || pushed == limit {
				return
			}
		}
	}
}

// pageFor is how many rows a listing's first page has to bring.
func pageFor(limit int64) int {
	if limit <= 0 {
		return ghl.PageSize
	}
	return int(min(limit, ghl.PageSize))
}

// listResult is one object as the engine wants it: its identity, and all of it
// where the engine asks for that.
func listResult(ctx context.Context, req list.ListRequest, name string, identity, resource any) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = name
	result.Diagnostics.Append(result.Identity.Set(ctx, identity)...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, resource)...)
	}
	return result
}

// fittingRows leaves out the rows of a listing that do not fit.
func fittingRows[T any](rows iter.Seq2[T, error], fits func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			if (err != nil || fits(row)) && !yield(row, err) {
				return
			}
		}
	}
}

// legible is text for people: as it is, or quoted where it could be misread.
func legible(text string) string {
	if quoted := strconv.Quote(text); quoted != `"`+text+`"` || text == "" {
		return quoted
	}
	return text
}

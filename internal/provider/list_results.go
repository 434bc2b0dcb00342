package provider

import (
	"context"
	"iter"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// listsNeed is the end of the description of every list.
const listsNeed = "Lists need Terraform 1.14: `terraform query` runs them, and stops at 100 results unless `limit` is set."

// listLocationAttribute returns the attribute location_id of every list.
func listLocationAttribute() schema.Attribute {
	return listFilter(anID, "Id of the sub-account (location) to list. Default: the provider's `location_id`, or `GHL_LOCATION_ID`.")
}

// listFilter returns an attribute that narrows a list.
func listFilter(validators []validator.String, description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: validators}
}

// listing has the rows of a list, a filter for them, and the function that turns a row
// into a result.
type listing[T any] struct {
	rows   iter.Seq2[T, error]
	fits   func(T) bool
	result func(T) list.ListResult
}

// listIn streams the matching rows as results, up to the engine's limit. An error is a
// result too, because only results reach the user after the stream has begun.
func listIn[T any](
	ctx context.Context, d *providerData, o operation, named types.String, diags diag.Diagnostics, limit int64,
	stream *list.ListResultsStream, begin func(ctx context.Context, location string) listing[T],
) {
	location, problems := d.readyIn(named, o.summary())
	if diags.Append(problems...); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	o.locationID = location
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
		defer cancel()
		l, pushed := begin(ctx, location), int64(0)
		for row, err := range l.rows {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{d.failed(o, err)}})
				return
			}
			if !l.fits(row) {
				continue
			}
			pushed++
			if !push(l.result(row)) || pushed == limit {
				return
			}
		}
	}
}

// listAll is listIn for all objects of a kind in a sub-account. The configuration is the
// filter F.
func listAll[F, T any](
	ctx context.Context, d *providerData, things string, req list.ListRequest,
	stream *list.ListResultsStream, begin func(ctx context.Context, location string, filter F) listing[T],
) {
	var diags diag.Diagnostics
	filter, _ := read[F](ctx, req.Config, &diags)
	var named types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("location_id"), &named)...)
	o := operation{verb: "List", thing: things, subject: strings.ToLower(things) + " to list"}
	listIn(ctx, d, o, named, diags, req.Limit, stream, func(ctx context.Context, location string) listing[T] {
		return begin(ctx, location, filter)
	})
}

// pageFor returns how many rows to request in the first page of a listing.
func pageFor(limit int64) int {
	if limit <= 0 {
		return ghl.PageSize
	}
	return int(min(limit, ghl.PageSize))
}

// listResult returns one object as a result: its identity, and the whole resource if the
// engine requests it.
func listResult(ctx context.Context, req list.ListRequest, name string, identity, resource any) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = name
	result.Diagnostics.Append(result.Identity.Set(ctx, identity)...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, resource)...)
	}
	return result
}

// legible returns text for people, quoted if it could be misread.
func legible(text string) string {
	if quoted := strconv.Quote(text); quoted != `"`+text+`"` || text == "" {
		return quoted
	}
	return text
}

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

type customValueResource struct {
	namedResource[customValueModel, ghl.CustomValue]
}

func newCustomValueResource() *customValueResource {
	return &customValueResource{namedResource[customValueModel, ghl.CustomValue]{
		managed{noun: "custom_value", form: customValueImport},
		func(s *store.Store, m customValueModel) *store.Named[ghl.CustomValue] {
			return s.CustomValues(m.location())
		},
	}}
}

func (r *customValueResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "A custom value of a sub-account: text that templates and workflows insert through its merge field."+movable, customValueAttributes())
}

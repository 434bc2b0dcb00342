package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

type customObjectResource struct {
	namedResource[customObjectModel, ghl.Object]
}

func newCustomObjectResource() *customObjectResource {
	return &customObjectResource{namedResource[customObjectModel, ghl.Object]{
		managed{noun: "custom_object", form: customObjectImport, own: map[string]any{"deletion_policy": protectObject}},
		func(s *store.Store, m customObjectModel) *store.Named[ghl.Object] { return s.Objects(m.location()) },
	}}
}

func (r *customObjectResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "A custom object: a kind of record that you define for a sub-account. HighLevel allows 10 custom objects in each sub-account. "+
		"A plan that would destroy a custom object fails unless `deletion_policy` in the state says otherwise: HighLevel would also delete its fields, records, associations and relations."+movable, customObjectAttributes())
}

func (r *customObjectResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.namedResource.Create(ctx, req, resp)
	r.complete(ctx, "Create", &resp.State, &resp.Diagnostics)
}

func (r *customObjectResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	r.namedResource.Read(ctx, req, resp)
	r.complete(ctx, "Read", &resp.State, &resp.Diagnostics)
	if state, ok := read[customObjectModel](ctx, req.State, &resp.Diagnostics); ok {
		r.noteTakesAlong(state, state.takesAlong() && !resp.State.Raw.IsNull())
	}
}

// complete adds values from the object's fields to a state. After a create it never
// fails, since an error would taint the object. The next refresh adds the missing values.
func (r *customObjectResource) complete(ctx context.Context, verb string, state *tfsdk.State, diags *diag.Diagnostics) {
	if diags.HasError() || state.Raw.IsNull() {
		return
	}
	carryOut(ctx, r.data, verb, state, diags, func(ctx context.Context, m customObjectModel) error {
		if m.isStandard() {
			diags.Append(standardObjectError(m))
			return nil
		}
		m, err := m.completed(ctx, r.data.store)
		if err == nil {
			diags.Append(state.Set(ctx, m)...)
		}
		return err
	})
}

// standardObjectError is the error for importing a standard object.
func standardObjectError(m customObjectModel) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Import Custom Object",
		fmt.Sprintf("The object %q (id %q) is a standard object, which HighLevel makes itself, so it cannot be managed. Read the object with the data source ghl_object. Associations can link standard objects too.", m.ObjectKey.ValueString(), m.ID.ValueString()))
}

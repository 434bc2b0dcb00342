package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// body is the request body that creates an object, a folder, a field or a custom value. In a seed file it omits the sub-account.
type body map[string]any

// with returns a copy of the body with default values for the fields that it omits.
func (b body) with(more body) body {
	all := maps.Clone(more)
	maps.Copy(all, b)
	return all
}

// plantObjects creates the objects, folders, fields and custom values of a sub-account.
func (l seedLocation) plantObjects(ctx context.Context, to *sandbox.Sandbox, post poster) error {
	ofLocation := body{"locationId": l.ID}
	for i, o := range l.Objects {
		if err := post.send(ctx, "/objects/", o.with(ofLocation)); err != nil {
			return fmt.Errorf("objects[%d]: %w", i, err)
		}
	}
	for i, d := range l.Folders {
		if err := post.send(ctx, "/custom-fields/folder", d.with(ofLocation)); err != nil {
			return fmt.Errorf("folders[%d]: %w", i, err)
		}
	}
	folders := to.FieldFolders().All(l.ID)
	for i, f := range l.Fields {
		if err := post.send(ctx, "/custom-fields/", l.fieldBody(f, folders)); err != nil {
			return fmt.Errorf("fields[%d]: %w", i, err)
		}
	}
	for i, v := range l.Values {
		if err := post.send(ctx, "/locations/"+url.PathEscape(l.ID)+"/customValues", v); err != nil {
			return fmt.Errorf("customValues[%d]: %w", i, err)
		}
	}
	return nil
}

// fieldBody returns the body of a field. It sets the folder that the field names, or the first folder of its object.
func (l seedLocation) fieldBody(f body, folders []sandbox.FieldFolder) body {
	all := f.with(body{"locationId": l.ID, "showInForms": true})
	name, named := all["folder"]
	delete(all, "folder")
	for _, d := range folders {
		if d.ObjectKey == all["objectKey"] && (!named || d.Name == name) {
			all["parentId"] = d.ID
			break
		}
	}
	return all
}

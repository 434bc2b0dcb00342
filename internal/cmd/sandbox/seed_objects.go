package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// body is what a seed sends to make an object, a folder, a field or a custom value: the API's own body, without the sub-account.
type body map[string]any

// with adds to a body the fields that it leaves out.
func (b body) with(more body) body {
	all := maps.Clone(more)
	maps.Copy(all, b)
	return all
}

// plantObjects makes the objects, folders, fields and custom values of a sub-account.
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

// fieldBody puts a field into the folder that it names, or into the first one of its object.
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

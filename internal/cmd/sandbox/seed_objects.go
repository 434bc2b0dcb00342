package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// body is what a seed sends to make an object, a field or a custom value: the API's own body, without the sub-account.
type body map[string]any

// with is the body with what it need not say itself.
func (b body) with(more body) body {
	all := maps.Clone(more)
	maps.Copy(all, b)
	return all
}

// plantObjects makes the objects, fields and custom values of a sub-account. A field goes into the first folder of its object
// unless it names another one.
func (l seedLocation) plantObjects(ctx context.Context, to *sandbox.Sandbox, post poster) error {
	for i, o := range l.Objects {
		if err := post.send(ctx, "/objects/", o.with(body{"locationId": l.ID})); err != nil {
			return fmt.Errorf("objects[%d]: %w", i, err)
		}
	}
	folders := map[string]string{}
	for _, d := range to.FieldFolders().All(l.ID) {
		if _, later := folders[d.ObjectKey]; !later {
			folders[d.ObjectKey] = d.ID
		}
	}
	for i, f := range l.Fields {
		key, _ := f["objectKey"].(string) // the API refuses anything else
		all := f.with(body{"locationId": l.ID, "showInForms": true, "parentId": folders[key]})
		if err := post.send(ctx, "/custom-fields/", all); err != nil {
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

// What the school of the default seed has.
var (
	schoolObjects = []body{
		{
			"key": "student", "labels": body{"singular": "Student", "plural": "Students"}, "description": "Who is taught",
			"primaryDisplayPropertyDetails": body{"key": "name", "name": "Name", "dataType": "TEXT"},
		},
		{
			"key": "teacher", "labels": body{"singular": "Teacher", "plural": "Teachers"}, "description": "Who teaches",
			"primaryDisplayPropertyDetails": body{"key": "name", "name": "Name", "dataType": "TEXT"},
		},
	}
	schoolFields = []body{
		{"objectKey": "custom_objects.student", "fieldKey": "birthday", "name": "Birthday", "dataType": "DATE"},
		{
			"objectKey": "custom_objects.student", "fieldKey": "level", "name": "Level", "dataType": "SINGLE_OPTIONS",
			"options": []body{{"key": "beginner", "label": "Beginner"}, {"key": "advanced", "label": "Advanced"}},
		},
		{"objectKey": "custom_objects.teacher", "fieldKey": "subject", "name": "Subject", "dataType": "TEXT"},
	}
	schoolValues = []body{
		{"name": "School name", "value": "Elm Street School"},
		{"name": "Opening hours", "value": "Monday to Friday, 8 to 4"},
	}
)

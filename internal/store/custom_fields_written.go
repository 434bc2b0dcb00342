package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// create creates a field. If the field specifies no folder, create uses the folder that
// firstFolder returns. The API requires a key for each option, so create derives a missing
// key from the option's label.
func (f *objectFields) create(ctx context.Context, wanted ghl.CustomField) (_ ghl.CustomField, err error) {
	if wanted.ParentID == "" {
		if wanted.ParentID, err = f.firstFolder(ctx); err != nil {
			return wanted, err
		}
	}
	wanted.Options = slices.Clone(wanted.Options)
	for i, option := range wanted.Options {
		wanted.Options[i].Key = cmp.Or(option.Key, optionKey(option.Label), fmt.Sprintf("option_%d", i+1))
	}
	return f.account.store.client.CreateCustomField(ctx, wanted)
}

// SameOption reports whether two options of a field are the same: by their keys, or by
// their labels if one has no key.
func SameOption(a, b ghl.FieldOption) bool {
	if a.Key != "" && b.Key != "" {
		return ghl.SameKey(a.Key, b.Key)
	}
	return ghl.SameLabel(a.Label, b.Label)
}

// optionKey returns a key like those that HighLevel makes for options: "big_dog" for "Big
// Dog".
func optionKey(label string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "_")
}

// firstFolder returns the id of the folder that HighLevel made with the object, which
// contains the object's primary field. If that field is not listed, it returns the first
// listed folder.
func (f *objectFields) firstFolder(ctx context.Context) (string, error) {
	if known, _ := f.folder.Load().(string); known != "" && !f.account.changes.gone.has(known) {
		return known, nil
	}
	object, err := f.account.object(ctx, f.objectKey)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	rows, err := f.fields.All(ctx)
	if err != nil {
		return "", err
	}
	folder := ""
	for _, row := range rows {
		if row.IsFolder {
			folder = cmp.Or(folder, row.ID)
		} else if row.ParentID != "" && ghl.SameFullKey(row.FieldKey, f.objectKey, object.PrimaryDisplayProperty) {
			folder = row.ParentID
			break
		}
	}
	if folder == "" {
		return "", ErrNoFolder
	}
	f.folder.Store(folder)
	return folder, nil
}

// ErrNoFolder means that a field specifies no folder, and its object has no folder either.
var ErrNoFolder = errors.New("the object has no folder of custom fields")

// update changes a field. The API cannot remove an option, so update also sends the options
// that wanted lacks. update sends the options' keys only if a label changes. The published
// reference omits the keys, but one client sends them: if the API refuses one form, update
// tries the other.
func (f *objectFields) update(ctx context.Context, wanted ghl.CustomField) (*ghl.CustomField, error) {
	client := f.account.store.client
	if wanted.Options == nil {
		return client.UpdateCustomField(ctx, wanted, false)
	}
	f.fields.rows.forget() // somebody may have added an option since the last listing
	stored, err := f.fields.Read(ctx, wanted.ID)
	if err != nil {
		return nil, err
	}
	renames := false
	wanted.Options = slices.Clone(wanted.Options)
	for _, option := range stored.Options {
		i := slices.IndexFunc(wanted.Options, func(o ghl.FieldOption) bool { return SameOption(o, option) })
		if i < 0 {
			wanted.Options = append(wanted.Options, option)
			continue
		}
		wanted.Options[i].Key = cmp.Or(option.Key, wanted.Options[i].Key)
		renames = renames || !ghl.SameLabel(wanted.Options[i].Label, option.Label)
	}
	row, err := client.UpdateCustomField(ctx, wanted, renames)
	if ghl.KindOf(err) != ghl.Refused {
		return row, err
	}
	if row, second := client.UpdateCustomField(ctx, wanted, !renames); ghl.KindOf(second) != ghl.Refused {
		return row, second
	}
	return nil, err
}

// FullFolderError means that a folder contains fields, which might be deleted with the
// folder.
type FullFolderError struct{ Fields []string } // their full keys

func (e *FullFolderError) Error() string {
	return "the folder contains the custom fields " + strings.Join(e.Fields, ", ")
}

// deleteFolder deletes a folder if a new listing shows no field in it, apart from fields
// that this process has deleted. Otherwise the error is a *FullFolderError: it is
// undocumented what happens to the fields. A destroy may be about to delete the fields, so
// deleteFolder looks at least twice, and again while other deletions are under way.
func (f *objectFields) deleteFolder(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	for try := range maxLookups {
		more := f.account.changes.deletesMore()
		held, err := f.heldBy(ctx, id)
		if err != nil {
			return false, err
		}
		if held == nil {
			return f.account.store.client.DeleteCustomFieldFolder(ctx, locationID, id)
		}
		if try == maxLookups-1 || try > 0 && !more {
			return false, &FullFolderError{held}
		}
		if err := f.account.pause(ctx, try, "for the fields of a folder to be deleted"); err != nil {
			return false, err
		}
	}
	return false, nil
}

// heldBy requests a new listing and returns the keys of the fields in a folder.
func (f *objectFields) heldBy(ctx context.Context, folderID string) (held []string, err error) {
	f.fields.rows.forget()
	rows, err := f.fields.All(ctx)
	for _, row := range rows {
		if row.ParentID == folderID && !row.IsFolder && !f.account.changes.gone.has(row.ID) {
			held = append(held, row.FieldKey)
		}
	}
	return held, err
}

// storesChange reports whether a field matches an update. It ignores formats and picture
// URLs, because the API may return them in other forms.
func storesChange(row, wanted ghl.CustomField) bool {
	for _, option := range wanted.Options {
		if !slices.ContainsFunc(row.Options, func(o ghl.FieldOption) bool { return SameOption(o, option) && ghl.SameLabel(o.Label, option.Label) }) {
			return false
		}
	}
	return ghl.SameLabel(row.Name, wanted.Name) && ghl.SameLabel(row.Description, wanted.Description) &&
		ghl.SameLabel(row.Placeholder, wanted.Placeholder) && row.ShowInForms == wanted.ShowInForms && (wanted.MaxFileLimit == 0 || row.MaxFileLimit == wanted.MaxFileLimit)
}

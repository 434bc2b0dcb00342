package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// customFields are the fields and folders of the objects of a sub-account. The zero value
// is ready for use.
type customFields struct {
	mu       sync.Mutex
	ofObject map[string]*objectFields
}

// objectFields are the fields and folders of one object. One listing contains both.
type objectFields struct {
	account   *account
	objectKey string
	fields    *Named[ghl.CustomField]
	folders   *Named[ghl.CustomField]
	folder    atomic.Value // id of the folder for fields that specify no folder, once known
}

// CustomFields returns the custom fields of an object. The name of a field is its full key
// in lower case. All and Each yield the object's folders too.
func (s *Store) CustomFields(locationID, objectKey string) *Named[ghl.CustomField] {
	return s.account(locationID).fieldsOf(objectKey).fields
}

// CustomFieldFolders returns the folders of an object's custom fields. All and Each yield
// the object's fields too.
func (s *Store) CustomFieldFolders(locationID, objectKey string) *Named[ghl.CustomField] {
	return s.account(locationID).fieldsOf(objectKey).folders
}

// CustomField reads a field or folder by id, without the key of its object. The error is
// ErrNotFound if the API says that no field or folder has the id. That answer alone does
// not prove that it is gone.
func (s *Store) CustomField(ctx context.Context, locationID, id string) (ghl.CustomField, error) {
	row, err := s.client.CustomField(ctx, locationID, id)
	if ghl.IsNotFound(err) {
		err = fmt.Errorf("custom field or folder %s %w: %w", id, ErrNotFound, err)
	}
	return row, err
}

// fieldsOf returns the fields of the object with a key, which may be in upper or lower
// case.
func (a *account) fieldsOf(objectKey string) *objectFields {
	objectKey = strings.ToLower(objectKey)
	a.customFields.mu.Lock()
	defer a.customFields.mu.Unlock()
	if a.customFields.ofObject == nil {
		a.customFields.ofObject = map[string]*objectFields{}
	}
	f := a.customFields.ofObject[objectKey]
	if f == nil {
		f = newObjectFields(a, objectKey)
		a.customFields.ofObject[objectKey] = f
	}
	return f
}

func newObjectFields(a *account, objectKey string) *objectFields {
	client := a.store.client
	f := &objectFields{account: a, objectKey: objectKey}
	rows := &collection[ghl.CustomField]{
		account: a, kind: "custom field or folder", id: func(row ghl.CustomField) string { return row.ID },
		get: client.CustomField,
		pages: func(locationID string) *ghl.Pager[ghl.CustomField] {
			return client.CustomFieldPages(locationID, objectKey)
		},
		parentGone: func(ctx context.Context) error { return a.objectGone(ctx, objectKey) },
	}
	f.fields = newNamed(rows, namedCalls[ghl.CustomField]{
		name: fieldName,
		holds: func(row, wanted ghl.CustomField) bool {
			return row.DataType == wanted.DataType && ghl.SameLabel(row.Name, wanted.Name)
		},
		stores: storesChange,
		fits:   func(row ghl.CustomField) error { return row.CheckKind(false) },
		post:   f.create,
		isKey:  true,
		put:    f.update,
		remove: client.DeleteCustomField,
	})
	f.folders = newNamed(rows, namedCalls[ghl.CustomField]{
		name:   folderName,
		holds:  func(_, _ ghl.CustomField) bool { return true }, // a folder has only its name
		fits:   func(row ghl.CustomField) error { return row.CheckKind(true) },
		stores: func(row, wanted ghl.CustomField) bool { return ghl.SameLabel(row.Name, wanted.Name) },
		post: func(ctx context.Context, wanted ghl.CustomField) (ghl.CustomField, error) {
			return client.CreateCustomFieldFolder(ctx, wanted.LocationID, wanted.ObjectKey, wanted.Name)
		},
		put: func(ctx context.Context, wanted ghl.CustomField) (*ghl.CustomField, error) {
			return client.UpdateCustomFieldFolder(ctx, wanted.LocationID, wanted.ID, wanted.Name)
		},
		remove: f.deleteFolder,
	})
	return f
}

// fieldName and folderName return "" for rows of the other kind, so that lookups skip those
// rows.
func fieldName(row ghl.CustomField) string { return strings.ToLower(row.FieldKey) }

func folderName(row ghl.CustomField) string {
	if row.IsFolder {
		return row.Name
	}
	return ""
}

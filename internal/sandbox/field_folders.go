package sandbox

import "net/http"

// The routes of folders of custom fields.
const (
	RouteCreateFieldFolder = "POST /custom-fields/folder"
	RouteUpdateFieldFolder = "PUT /custom-fields/folder/{id}"
	RouteDeleteFieldFolder = "DELETE /custom-fields/folder/{id}"
)

var (
	fieldFolderKind = &kindOf[FieldFolder]{
		kind:   &kind{name: "folder", missing: "Folder not found", deleted: fieldSucceeded},
		rows:   func(l *subAccount) *rows[FieldFolder] { return &l.folders },
		ids:    func(d *FieldFolder) (id, locationID *string) { return &d.ID, &d.LocationID },
		madeUp: func(d *FieldFolder) { d.Name = "Made up" },
	}
	fieldFolderRoutes = []*route{
		{name: RouteCreateFieldFolder, kind: fieldFolderKind.kind, body: texts(fieldObjectKey, fieldName, fieldLocationID), handle: (*Sandbox).createFieldFolder},
		{name: RouteUpdateFieldFolder, kind: fieldFolderKind.kind, body: texts(fieldName, fieldLocationID), handle: fieldFolderKind.at((*Sandbox).updateFieldFolder)},
		{name: RouteDeleteFieldFolder, kind: fieldFolderKind.kind, query: []string{fieldLocationID}, handle: fieldFolderKind.at((*Sandbox).deleteFieldFolder)},
	}
)

// FieldFolder is a folder for the fields of an object. The stored form is also the JSON form.
type FieldFolder struct {
	ID         string `json:"id"`
	ObjectKey  string `json:"objectKey"`
	LocationID string `json:"locationId"`
	Name       string `json:"name"`
}

// FieldFolders returns the folders of all objects. Removing a folder does not change its fields, which still refer to it.
func (s *Sandbox) FieldFolders() Rows[FieldFolder] { return Rows[FieldFolder]{s, fieldFolderKind} }

func (l *subAccount) foldersOf(objectKey string) []FieldFolder {
	return l.folders.all(func(d FieldFolder) bool { return d.ObjectKey == objectKey })
}

// createFieldFolder answers POST /custom-fields/folder.
func (s *Sandbox) createFieldFolder(c *call) answer {
	key := c.fields[fieldObjectKey]
	if refusal := c.refusedObject(key); refusal != nil {
		return *refusal
	}
	d := fieldFolderKind.add(s, c.account, FieldFolder{ObjectKey: key, Name: c.fields[fieldName]})
	return committed(c.fieldFolderAnswer(http.StatusCreated, *d))
}

// updateFieldFolder answers PUT /custom-fields/folder/{id}.
func (s *Sandbox) updateFieldFolder(c *call, d *FieldFolder) answer {
	d.Name = c.fields[fieldName]
	return committed(c.fieldFolderAnswer(http.StatusOK, *d))
}

// deleteFieldFolder answers DELETE /custom-fields/folder/{id}. Only this answer contains the key of the folder.
func (s *Sandbox) deleteFieldFolder(c *call, d *FieldFolder) answer {
	l := c.account
	inside := l.fields.all(func(f CustomField) bool { return f.ParentID == d.ID })
	if len(inside) > 0 && !c.quirks.FullFoldersGo {
		return c.refuse(http.StatusBadRequest, "Folder contains custom fields and can not be deleted")
	}
	for _, f := range inside {
		l.removeField(f)
	}
	l.folders.remove(d.ID)
	return c.deleted(succeeded{true, d.ID, fullKey(d.ObjectKey+".", slugOf(d.Name))}, "Folder deleted successfully")
}

// fieldFolderAnswer returns an answer with one folder. The folder is bare unless a quirk wraps it.
func (c *call) fieldFolderAnswer(status int, d FieldFolder) answer {
	q := c.quirks
	q.WrapObjects = q.FoldersWrapped
	return objectAnswer(q, status, fieldFolderKind.name, fieldFolderKind.shown(c, d))
}

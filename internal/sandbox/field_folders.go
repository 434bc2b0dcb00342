package sandbox

import "net/http"

// The routes of folders of custom fields.
const (
	RouteCreateFieldFolder = "POST /custom-fields/folder"
	RouteUpdateFieldFolder = "PUT /custom-fields/folder/{id}"
	RouteDeleteFieldFolder = "DELETE /custom-fields/folder/{id}"
)

var (
	fieldFolderKind   = &kind{name: "folder", missing: "Folder not found", deleted: fieldSucceeded}
	fieldFolderRoutes = []*route{
		{name: RouteCreateFieldFolder, kind: fieldFolderKind, body: texts(fieldObjectKey, fieldName, fieldLocationID), handle: (*Sandbox).createFieldFolder},
		{name: RouteUpdateFieldFolder, kind: fieldFolderKind, body: texts(fieldName, fieldLocationID), handle: (*Sandbox).updateFieldFolder},
		{name: RouteDeleteFieldFolder, kind: fieldFolderKind, query: []string{fieldLocationID}, handle: (*Sandbox).deleteFieldFolder},
	}
)

// FieldFolder holds fields of an object, as stored and as on the wire.
type FieldFolder struct {
	ID         string `json:"id"`
	ObjectKey  string `json:"objectKey"`
	LocationID string `json:"locationId"`
	Name       string `json:"name"`
}

func (s *Sandbox) addFolder(account *subAccount, d FieldFolder) *FieldFolder {
	d.ID = s.freeID(d.ID, "folder", account.folders.get(d.ID) != nil)
	d.LocationID = account.id
	return account.folders.add(d.ID, d)
}

func (l *subAccount) foldersOf(objectKey string) []FieldFolder {
	return l.folders.all(func(d FieldFolder) bool { return d.ObjectKey == objectKey })
}

// createFieldFolder answers POST /custom-fields/folder.
func (s *Sandbox) createFieldFolder(c *call) answer {
	key := c.fields[fieldObjectKey]
	if refusal := c.refusedObject(key); refusal != nil {
		return *refusal
	}
	d := s.addFolder(c.account, FieldFolder{ObjectKey: key, Name: c.fields[fieldName]})
	return committed(c.fieldFolderAnswer(http.StatusCreated, *d))
}

// updateFieldFolder answers PUT /custom-fields/folder/{id}.
func (s *Sandbox) updateFieldFolder(c *call) answer {
	d := c.account.folders.get(c.param)
	if d == nil {
		return c.none(fieldFolderKind)
	}
	d.Name = c.fields[fieldName]
	return committed(c.fieldFolderAnswer(http.StatusOK, *d))
}

// deleteFieldFolder answers DELETE /custom-fields/folder/{id}. The key of a folder, which the answer has, is shown nowhere else.
func (s *Sandbox) deleteFieldFolder(c *call) answer {
	l, d := c.account, c.account.folders.get(c.param)
	if d == nil {
		return c.none(fieldFolderKind)
	}
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

// fieldFolderAnswer answers one folder, which is bare unless a quirk wraps it.
func (c *call) fieldFolderAnswer(status int, d FieldFolder) answer {
	if c.foreign {
		madeUp := d
		madeUp.ID, madeUp.Name = foreignID, "Made up"
		d = c.account.folders.another(func(other FieldFolder) bool { return other.ID != d.ID }, madeUp)
	}
	q := c.quirks
	q.WrapObjects = q.FoldersWrapped
	return objectAnswer(q, status, fieldFolderKind.name, d)
}

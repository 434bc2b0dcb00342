package sandbox

// The maximum numbers of objects, fields and custom values on the page.
const (
	viewedObjects = 20 // of a sub-account
	viewedFields  = 30 // of an object
	viewedValues  = 50 // of a sub-account
)

type objectView struct {
	Object
	Fields     []fieldView
	MoreFields int
}

type fieldView struct {
	CustomField
	Folder string // name of the folder
}

// lookAtObjects adds the custom objects to the view, and the standard objects that have fields.
func (l *subAccount) lookAtObjects(v *accountView) {
	objects := l.objects.all(func(o Object) bool { return !o.Standard || len(l.fieldsOf(o.Key)) > 0 })
	objects, v.MoreObjects = firstOf(objects, viewedObjects)
	for _, o := range objects {
		shown := objectView{Object: o}
		var fields []CustomField
		fields, shown.MoreFields = firstOf(l.fieldsOf(o.Key), viewedFields)
		for _, f := range fields {
			row := fieldView{CustomField: f}
			if d := l.folders.get(f.ParentID); d != nil {
				row.Folder = d.Name
			}
			shown.Fields = append(shown.Fields, row)
		}
		v.Objects = append(v.Objects, shown)
	}
	v.Values, v.MoreValues = firstOf(l.customValues.all(nil), viewedValues)
}

package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// dataTypes lists the data types of the API reference, followed by those that only the server's error message mentions.
var dataTypes = []string{
	"TEXT", "LARGE_TEXT", "NUMERICAL", "PHONE", "MONETORY", "CHECKBOX", "SINGLE_OPTIONS", "MULTIPLE_OPTIONS", "DATE",
	"TEXTBOX_LIST", dataTypeFile, "RADIO", "EMAIL",
	"URL", "TIME", "DATE_TIME", "USER", "RICH_TEXT", "FORMULA", "ROLLUP", "DURATION",
}

// choiceTypes lists the data types that require options.
var choiceTypes = []string{"CHECKBOX", "SINGLE_OPTIONS", "MULTIPLE_OPTIONS", "RADIO"}

const dataTypeFile = "FILE_UPLOAD"

// createCustomField answers POST /custom-fields/.
func (s *Sandbox) createCustomField(c *call) answer {
	key := c.fields[fieldObjectKey]
	if refusal := c.refusedObject(key); refusal != nil {
		return *refusal
	}
	f := CustomField{
		ObjectKey: key, FieldKey: fullKey(key+".", c.fields[fieldFieldKey]),
		DataType: c.fields[fieldDataType], ParentID: c.fields[fieldParentID],
	}
	c.read(fieldAllowCustom, &f.AllowCustomOption)
	c.read(fieldOptions, &f.Options)
	folder := c.account.folders.get(f.ParentID)
	switch {
	case !slices.Contains(dataTypes, f.DataType):
		return c.refuseForm(fieldDataType + " must be one of the following values: " + strings.Join(dataTypes, ", "))
	case folder == nil || folder.ObjectKey != key:
		return c.refuseForm(fieldParentID + " must be the id of a folder of the object")
	case c.account.field(f.FieldKey) != nil:
		return c.refuse(http.StatusBadRequest, fmt.Sprintf("Custom field with key %s already exists", f.FieldKey))
	}
	if refusal := cmp.Or(c.refusedOptions(f), c.change(&f)); refusal != nil {
		return *refusal
	}
	return committed(c.customFieldAnswer(http.StatusCreated, *customFieldKind.add(s, c.account, f)))
}

// updateCustomField answers PUT /custom-fields/{id}. Fields that the request omits do not change.
func (s *Sandbox) updateCustomField(c *call, f *CustomField) answer {
	changed := *f
	if refusal := cmp.Or(c.changeOptions(&changed), c.change(&changed)); refusal != nil {
		return *refusal
	}
	changed.DateUpdated = s.stamp()
	*f = changed
	return committed(c.customFieldAnswer(http.StatusOK, *f))
}

// change sets the fields that both a create and an update may send. It returns a refusal if a value is invalid, or nil.
func (c *call) change(f *CustomField) *answer {
	for name, to := range map[string]*string{fieldName: &f.Name, fieldDescription: &f.Description, fieldPlaceholder: &f.Placeholder} {
		if _, sent := c.body[name]; sent {
			*to = c.fields[name]
		}
	}
	c.read(fieldShowInForms, &f.ShowInForms)
	var limit float64
	if c.read(fieldFileLimit, &limit); limit > 0 {
		f.MaxFileLimit = int(limit)
	}
	return c.changeFormats(f)
}

// checkFormats accepts acceptedFormats as a list or as a string. changeFormats refuses the form that the quirk excludes.
func checkFormats(name string, raw json.RawMessage) []string {
	if len(of[[]string](name, "").check(name, raw)) > 0 && len(anyText(name).check(name, raw)) > 0 {
		return []string{name + " must be an array"}
	}
	return nil
}

// changeFormats sets the accepted formats. The API reference specifies one string, but the live API requires a list.
func (c *call) changeFormats(f *CustomField) *answer {
	raw, sent := c.body[fieldFormats]
	if !sent || string(raw) == "null" {
		return nil
	}
	text, isText := c.fields[fieldFormats]
	switch {
	case isText && !c.quirks.FormatsTakenAsText:
		return new(c.refuseForm(fieldFormats + " must be an array"))
	case !isText && c.quirks.FormatsTakenAsText:
		return new(c.refuseForm(fieldFormats + " must be a string"))
	case isText:
		f.AcceptedFormats = strings.Split(text, ",")
	default:
		f.AcceptedFormats = nil
		c.read(fieldFormats, &f.AcceptedFormats)
	}
	return nil
}

// changeOptions replaces the options of a field if the call contains any. An option without a key is identified by its label.
func (c *call) changeOptions(f *CustomField) *answer {
	var options []FieldOption
	if c.read(fieldOptions, &options); options == nil {
		return nil
	}
	for i, option := range options {
		if option.Key != "" && c.quirks.OptionKeysRefusedOnUpdate {
			return new(c.refuseForm(fmt.Sprintf("%s.%d.property key should not exist", fieldOptions, i)))
		}
		if option.Key == "" {
			options[i].Key = f.keyOfLabel(option.Label)
		}
	}
	for _, old := range f.Options {
		if !slices.ContainsFunc(options, func(o FieldOption) bool { return o.Key == old.Key }) {
			return new(c.refuse(http.StatusBadRequest, fmt.Sprintf("Deleting option %s is not supported", old.Key)))
		}
	}
	f.Options = options
	return c.refusedOptions(*f)
}

// refusedOptions returns a refusal if required options are missing or if the data type allows none, or nil.
func (c *call) refusedOptions(f CustomField) *answer {
	switch {
	case slices.Contains(choiceTypes, f.DataType) && len(f.Options) == 0:
		return new(c.refuseForm(emptyField(fieldOptions)))
	case f.DataType == dataTypeFile && f.Options != nil:
		return new(c.refuseForm("property " + fieldOptions + " should not exist"))
	}
	return nil
}

// keyOfLabel returns the key of the option with the label, or the key for a new option.
func (f *CustomField) keyOfLabel(label string) string {
	for _, option := range f.Options {
		if option.Label == label {
			return option.Key
		}
	}
	return slugOf(label)
}

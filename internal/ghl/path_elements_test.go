package ghl

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// byElement contains a call of each endpoint that has an id or a key in its path.
var byElement = map[string]struct {
	prefix string
	call   func(ctx context.Context, c *Client, element string) error
}{
	"read association": {"/associations/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.Association(ctx, location, id)
		return err
	}},
	"read association by key": {"/associations/key/", func(ctx context.Context, c *Client, key string) error {
		_, err := c.AssociationByKey(ctx, location, key)
		return err
	}},
	"list associations of object": {"/associations/objectKey/", func(ctx context.Context, c *Client, key string) error {
		_, err := c.AssociationsByObjectKey(ctx, location, key)
		return err
	}},
	"update association": {"/associations/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.UpdateAssociation(ctx, location, id, "a", "b")
		return err
	}},
	"delete association": {"/associations/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.DeleteAssociation(ctx, location, id)
		return err
	}},
	"list relations": {"/associations/relations/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.RelationPages(location, id).Next(ctx, PageSize)
		return err
	}},
	"delete relation": {"/associations/relations/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.DeleteRelation(ctx, location, id)
		return err
	}},
	"read object": {"/objects/", func(ctx context.Context, c *Client, key string) error {
		_, err := c.Object(ctx, location, key)
		return err
	}},
	"update object": {"/objects/", func(ctx context.Context, c *Client, key string) error {
		_, err := c.UpdateObject(ctx, location, key, ObjectChange{})
		return err
	}},
	"delete object": {"/objects/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.DeleteObject(ctx, location, id)
		return err
	}},
	"read object with fields": {"/objects/", func(ctx context.Context, c *Client, key string) error {
		_, _, err := c.ObjectWithFields(ctx, location, key)
		return err
	}},
	"list custom fields": {"/custom-fields/object-key/", func(ctx context.Context, c *Client, key string) error {
		_, err := c.CustomFieldPages(location, key).Next(ctx, PageSize)
		return err
	}},
	"read custom field": {"/custom-fields/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.CustomField(ctx, location, id)
		return err
	}},
	"update custom field": {"/custom-fields/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.UpdateCustomField(ctx, CustomField{ID: id, LocationID: location}, false)
		return err
	}},
	"delete custom field": {"/custom-fields/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.DeleteCustomField(ctx, location, id)
		return err
	}},
	"update custom field folder": {"/custom-fields/folder/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.UpdateCustomFieldFolder(ctx, location, id, "Health")
		return err
	}},
	"delete custom field folder": {"/custom-fields/folder/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.DeleteCustomFieldFolder(ctx, location, id)
		return err
	}},
	"read custom value": {"/locations/ve9EPM428h8vShlRW1KT/customValues/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.CustomValue(ctx, location, id)
		return err
	}},
	"update custom value": {"/locations/ve9EPM428h8vShlRW1KT/customValues/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.UpdateCustomValue(ctx, CustomValue{ID: id, LocationID: location, Name: "Motto"})
		return err
	}},
	"delete custom value": {"/locations/ve9EPM428h8vShlRW1KT/customValues/", func(ctx context.Context, c *Client, id string) error {
		_, err := c.DeleteCustomValue(ctx, location, id)
		return err
	}},
}

func TestPathElementsAreEscaped(t *testing.T) {
	t.Parallel()
	for element, want := range map[string]string{
		"67ade73dc119de53cac4dc3f":                   "67ade73dc119de53cac4dc3f",
		"3f2b8c1e-5a77-4c54-9d0e-1c2b3a4d5e6f":       "3f2b8c1e-5a77-4c54-9d0e-1c2b3a4d5e6f",
		"TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION": "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION",
		"a/b":                       "a%2Fb",
		"/":                         "%2F",
		".":                         "%2E",
		"..":                        "%2E%2E",
		"...":                       "...",
		"../key":                    "..%2Fkey",
		"100%":                      "100%25",
		"%2F":                       "%252F",
		"%2e%2e":                    "%252e%252e",
		"a b":                       "a%20b",
		"a+b":                       "a+b",
		"?x=1":                      "%3Fx=1",
		"x&y=1#z":                   "x&y=1%23z",
		"a;b,c":                     "a%3Bb%2Cc",
		"a:b@c":                     "a:b@c",
		"https://x":                 "https:%2F%2Fx",
		"élève":                     "%C3%A9l%C3%A8ve",
		"学生":                        "%E5%AD%A6%E7%94%9F",
		"a\nb\r\t":                  "a%0Ab%0D%09",
		`a\b"<>`:                    "a%5Cb%22%3C%3E",
		"\xff":                      "%FF",
		"a\x00b":                    "a%00b",
		"a\u202eb":                  "a%E2%80%AEb",
		strings.Repeat("%", 10_000): strings.Repeat("%25", 10_000),
	} {
		t.Run(element[:min(len(element), 100)], func(t *testing.T) {
			t.Parallel()
			var path, escaped string
			server := newLoopbackServer(t, func(w http.ResponseWriter, r *http.Request) {
				path, escaped = r.URL.Path, r.URL.EscapedPath()
				answer(w, 418, `{"message":"a teapot"}`)
			})
			client := server.client(t)
			for name, endpoint := range byElement {
				before := len(server.sent())
				if err := endpoint.call(t.Context(), client, element); KindOf(err) != Refused {
					t.Errorf("%s: %v", name, err)
				}
				requests := server.sent()
				if len(requests) != before+1 {
					t.Errorf("%s: %d requests, want 1", name, len(requests)-before)
					continue
				}
				line, _, _ := strings.Cut(requests[before].URL, "?")
				if line != endpoint.prefix+want || escaped != endpoint.prefix+want || path != endpoint.prefix+element {
					t.Errorf("%s: the server saw %.300q, path %.300q, escaped %.300q; want %.300q", name, line, path, escaped, endpoint.prefix+want)
				}
			}
		})
	}
}

// An empty path element would turn one call into another. A read without an id would become
// a list, and the deletion of a relation without an id would delete an association
// "relations".
func TestPathElementsAreNotEmpty(t *testing.T) {
	t.Parallel()
	server := answering(200, `{}`)
	client := newTestClient(t, server)
	for name, endpoint := range byElement {
		if err := endpoint.call(t.Context(), client, ""); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := server.count(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Values in the query are escaped too.
func TestQueryIsEscaped(t *testing.T) {
	t.Parallel()
	server := answering(200, ``)
	const odd = "a&skip=9 b+c=%/é#?"
	if _, err := newTestClient(t, server).DeleteRelation(t.Context(), odd, "x"); err != nil {
		t.Fatal(err)
	}
	const want = "https://services.leadconnectorhq.com/associations/relations/x?locationId=a%26skip%3D9+b%2Bc%3D%25%2F%C3%A9%23%3F"
	if got := server.sent()[0].URL; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzPathElement(f *testing.F) {
	for _, element := range []string{"a", "a/b", ".", "..", "%2F", "?#", "é", "\xff\x00", "//", "key"} {
		f.Add(element)
	}
	f.Fuzz(func(t *testing.T, element string) {
		path := associationsPath("relations", element)
		if element == "" {
			if path != "" {
				t.Error("an empty element was accepted")
			}
			return
		}
		u, err := url.Parse("https://example.com" + path + "?locationId=x")
		if err != nil {
			t.Fatal(err)
		}
		if u.Path != "/associations/relations/"+element || strings.Count(u.EscapedPath(), "/") != 3 || u.RawQuery != "locationId=x" || u.Fragment != "" {
			t.Errorf("%q became %s", element, u)
		}
		if rest := strings.TrimPrefix(u.EscapedPath(), "/associations/relations/"); rest == "." || rest == ".." {
			t.Errorf("%q stayed %q", element, rest)
		}
	})
}

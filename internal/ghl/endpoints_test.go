package ghl

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// endpoint is a test case: a call, its expected request, the server's answer, and the expected
// result.
type endpoint struct {
	call   func(context.Context, *Client) (any, error)
	method string
	uri    string
	body   string
	status int
	answer string
	want   any
}

func testEndpoints(t *testing.T, endpoints map[string]endpoint) {
	t.Helper()
	for name, test := range endpoints {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantPublished(t, test.method, test.uri, test.body)
			server := newLoopbackServer(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, test.status, test.answer) })
			got, err := test.call(t.Context(), server.client(t))
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, test.want)
			}
			headers := http.Header{
				"Authorization":   {"Bearer pit-2f1c7a90-0b5e-4d7e-9a67-c0ffee00d1ce"},
				"Version":         {"2021-07-28"},
				"Accept":          {"application/json"},
				"User-Agent":      {"terraform-provider-ghl/test"},
				"Accept-Encoding": {"gzip"}, // set by net/http, which decompresses the answer
			}
			if test.body != "" {
				headers.Set("Content-Type", "application/json")
				headers.Set("Content-Length", strconv.Itoa(len(test.body)))
			}
			want := []sent{{test.method, test.uri, headers, test.body}}
			if got := server.sent(); !reflect.DeepEqual(got, want) {
				t.Errorf("sent %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	const listed = `"associationType":"USER_DEFINED"}],"total":1}`
	testEndpoints(t, map[string]endpoint{
		"list associations": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.AssociationPages(location).Next(ctx, PageSize)
			},
			"GET", "/associations/?limit=100&locationId=ve9EPM428h8vShlRW1KT&skip=0", "",
			200, `{"associations":[` + strings.TrimSuffix(associationJSON, `"associationType":"USER_DEFINED"}`) + listed,
			Page[Association]{Rows: []Association{association}, Seen: 1, Counted: 1, Total: 1},
		},
		"create association": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.CreateAssociation(ctx, Association{
					ID: "not sent", LocationID: location, Key: "Student_Teacher", AssociationType: "not sent",
					FirstObjectKey: "custom_objects.teacher", FirstObjectLabel: "Teacher",
					SecondObjectKey: "custom_objects.student", SecondObjectLabel: `"Student"`,
				})
			},
			"POST", "/associations/",
			`{"firstObjectKey":"custom_objects.teacher","firstObjectLabel":"Teacher","key":"Student_Teacher",` +
				`"locationId":"ve9EPM428h8vShlRW1KT","secondObjectKey":"custom_objects.student","secondObjectLabel":"\"Student\""}`,
			201, associationJSON, association,
		},
		"read association by key": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.AssociationByKey(ctx, location, "Student_Teacher")
			},
			"GET", "/associations/key/Student_Teacher?locationId=ve9EPM428h8vShlRW1KT", "",
			200, associationJSON, association,
		},
		"list associations of object": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.AssociationsByObjectKey(ctx, location, "custom_objects.student")
			},
			"GET", "/associations/objectKey/custom_objects.student?locationId=ve9EPM428h8vShlRW1KT", "",
			200, `{"associations":[` + associationJSON + `]}`, []Association{association},
		},
		"read association": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.Association(ctx, location, "67ade73dc119de53cac4dc3f")
			},
			"GET", "/associations/67ade73dc119de53cac4dc3f", "",
			200, associationJSON, association,
		},
		"update association": {
			func(ctx context.Context, c *Client) (any, error) {
				row, err := c.UpdateAssociation(ctx, location, "67ade73dc119de53cac4dc3f", "Student", "")
				return *row, err
			},
			"PUT", "/associations/67ade73dc119de53cac4dc3f", `{"firstObjectLabel":"Student","secondObjectLabel":""}`,
			200, associationJSON, association,
		},
		"delete association": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.DeleteAssociation(ctx, location, "67ade73dc119de53cac4dc3f")
			},
			"DELETE", "/associations/67ade73dc119de53cac4dc3f", "",
			200, deletedJSON, true,
		},
		"create relation": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.CreateRelation(ctx, location, "67ade73dc119de53cac4dc3f", "student-3", "teacher-9")
			},
			"POST", "/associations/relations",
			`{"associationId":"67ade73dc119de53cac4dc3f","firstRecordId":"student-3","locationId":"ve9EPM428h8vShlRW1KT","secondRecordId":"teacher-9"}`,
			201, relationJSON, relation,
		},
		"list relations": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.RelationPages(location, "student-3").Next(ctx, PageSize)
			},
			"GET", "/associations/relations/student-3?limit=100&locationId=ve9EPM428h8vShlRW1KT&skip=0", "",
			200, `{"relations":[` + relationJSON + `],"total":1}`,
			Page[Relation]{Rows: []Relation{relation}, Seen: 1, Counted: 1, Total: 1},
		},
		"delete relation": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.DeleteRelation(ctx, location, "67b03fd2a1b2c3d4e5f60718")
			},
			"DELETE", "/associations/relations/67b03fd2a1b2c3d4e5f60718?locationId=ve9EPM428h8vShlRW1KT", "",
			200, `{"succeeded":true}`, true,
		},
	})
}

// A read by id does not send the sub-account, so the client checks the answer's sub-account.
func TestAssociationOfAnotherLocation(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, answering(200, associationJSON), withRetries(3))
	got, err := client.Association(t.Context(), "another", association.ID)
	failure := failureOf(t, err)
	if got != (Association{}) || failure.Kind != Forbidden || failure.Ambiguous {
		t.Errorf("got %+v, %+v", got, failure)
	}
	for _, words := range []string{"another", location} {
		if !strings.Contains(failure.Message, words) {
			t.Errorf("the message does not name %s: %s", words, failure.Message)
		}
	}

	withoutLocation := strings.Replace(associationJSON, `"locationId"`, `"location"`, 1)
	if _, err := newTestClient(t, answering(200, withoutLocation)).Association(t.Context(), "another", association.ID); err != nil {
		t.Errorf("a row without a sub-account: %v", err)
	}
}

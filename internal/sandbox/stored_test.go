package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func TestQuirkStoredKeys(t *testing.T) {
	t.Parallel()
	const sent = "  My Key/No. 1 "
	for quirk, want := range map[string]string{
		"": "  my key/no. 1 ", "lower": "  my key/no. 1 ", "trimmed": "my key/no. 1", "slugged": "my_key_no_1",
	} {
		c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{StoredKeys: quirk}})
		c.want(http.MethodPost, "/associations/", associationBody(sent, "contact", "A", "contact", "B"), 201, `"key":"`+want+`"`)
		c.want(http.MethodPost, "/associations/", associationBody(sent, "contact", "C", "contact", "D"), 400, "Duplicate Association key: "+want)
	}
}

func TestQuirkStoredLabels(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		quirks sandbox.Quirks
		want   string
	}{
		"as sent": {sandbox.Quirks{}, " Zoé's <A&B> "},
		"trimmed": {sandbox.Quirks{StoredLabels: "trimmed"}, "Zoé's <A&B>"},
		"escaped": {sandbox.Quirks{StoredLabels: "escaped"}, " Zoé&#39;s &lt;A&amp;B&gt; "},
		"NFD":     {sandbox.Quirks{StoredLabels: "nfd"}, " Zoe\u0301's <A&B> "},
		"cut":     {sandbox.Quirks{LabelLength: 4}, " Zoé"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{Quirks: test.quirks})
			id := c.create("k", "contact", " Zoé's <A&B> ", "contact", "B")
			if got := c.s.Associations(school)[0].FirstObjectLabel; got != test.want {
				t.Errorf("created: got %q, want %q", got, test.want)
			}
			c.do(http.MethodPut, "/associations/"+id, `{"firstObjectLabel":"x","secondObjectLabel":" Zoé's <A&B> "}`)
			if got := c.s.Associations(school)[0].SecondObjectLabel; got != test.want {
				t.Errorf("updated: got %q, want %q", got, test.want)
			}
		})
	}
}

func TestQuirkStoredObjectKeys(t *testing.T) {
	t.Parallel()
	for quirk, want := range map[string]string{"": "custom_objects.Teacher", "lower": "custom_objects.teacher", "upper": "CUSTOM_OBJECTS.TEACHER"} {
		c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{StoredObjectKeys: quirk}})
		c.want(http.MethodPost, "/associations/", associationBody("k", "contact", "A", "custom_objects.Teacher", "B"), 201, `"secondObjectKey":"`+want+`"`)
		c.want(http.MethodGet, "/associations/objectKey/custom_objects.Teacher?locationId=school", "", 200, `"key":"k"`)
		c.relate(c.s.Associations(school)[0].ID, "contact-1", "teacher-1")
	}
}

func TestQuirkUpdateAnswer(t *testing.T) {
	t.Parallel()
	for quirk, want := range map[string]reply{"none": {status: 204}, "success": {status: 200, body: `{"success":true}`}} {
		for name, begin := range map[string]func(*testing.T, sandbox.Options) *client{"network": start, "in process": inProcess} {
			c := begin(t, sandbox.Options{Quirks: sandbox.Quirks{UpdateAnswer: quirk}})
			id := c.studentTeacher()
			r := c.do(http.MethodPut, "/associations/"+id, `{"firstObjectLabel":"Pupil","secondObjectLabel":"Tutor"}`)
			if r.status != want.status || r.body != want.body {
				t.Errorf("%s, %s: %+v", quirk, name, r)
			}
			c.want(http.MethodGet, "/associations/"+id, "", 200, `"firstObjectLabel":"Pupil"`)
			requests := c.s.Requests()
			if update := requests[len(requests)-2]; !update.Committed {
				t.Errorf("%s, %s: the update is logged as not carried out", quirk, name)
			}
		}
	}
}

func TestPairsOfLabels(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.create("k", "contact", "A", "opportunity", "B")
	const refused = `{"statusCode":400,"message":"duplicate pair of labels","error":"Bad Request","traceId":"`
	post := func(key, first, firstLabel, second, secondLabel string, status int, part string) {
		t.Helper()
		c.want(http.MethodPost, "/associations/", associationBody(key, first, firstLabel, second, secondLabel), status, part)
	}
	post("k2", "contact", "A", "opportunity", "B", 400, refused)
	post("k2", "opportunity", "B", "contact", "A", 400, refused)
	post("k", "contact", "A", "opportunity", "B", 400, "Duplicate Association key: k")
	c.create("k3", "contact", "A", "opportunity", "C")
	c.create("k4", "contact", "B", "opportunity", "A")
	c.create("k5", "contact", "A", "business", "B")
	c.create("k6", "contact", "A", "contact", "B")
	post("k7", "contact", "B", "contact", "A", 400, refused)
	c.s.AddAssociation(sandbox.Association{
		LocationID: school, Key: "k8", FirstObjectKey: "opportunity", FirstObjectLabel: "X", SecondObjectKey: "contact", SecondObjectLabel: "Y",
	})
	post("k9", "contact", "Y", "opportunity", "X", 400, refused)

	c.s.SetQuirks(func(q *sandbox.Quirks) { q.LabelPairFirst = true })
	post("k", "contact", "A", "opportunity", "B", 400, refused)
	post("k", "contact", "A", "opportunity", "Z", 400, "Duplicate Association key: k")
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.LabelPairsRepeat = true })
	post("k", "contact", "A", "opportunity", "B", 400, "Duplicate Association key: k")
	c.create("k10", "contact", "A", "opportunity", "B")
}

func TestQuirkRichRows(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{RichRows: true}})
	const rich = `"associationType":"USER_DEFINED","firstObjectToSecondObjectCardinality":"MANY_TO_MANY",` +
		`"secondObjectToFirstObjectCardinality":"MANY_TO_MANY","firstObjectToSecondObjectMaxLimit":1000,` +
		`"secondObjectToFirstObjectMaxLimit":1000,"traceId":"5a9db0c5-0000-4000-8000-`
	c.want(http.MethodPost, "/associations/", associationBody("k", "contact", "A", "contact", "B"), 201, rich)
	id := c.s.Associations(school)[0].ID
	c.want(http.MethodGet, "/associations/"+id, "", 200, rich)
	c.want(http.MethodGet, page100, "", 200, rich)
	c.want(http.MethodGet, "/associations/objectKey/contact?locationId=school", "", 200, rich)
	c.want(http.MethodPost, "/associations/relations", relationBody(id, "contact-1", "contact-2"), 201, `"locationId":"school","traceId":"5a9db0c5-`)
	c.want(http.MethodGet, list("contact-1"), "", 200, `"locationId":"school","traceId":"5a9db0c5-`)
}

package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func TestRequestLog(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	id := c.studentTeacher()
	c.want("GET", "/associations/a%2Fb", "", 400, "")
	c.with("Authorization", "Bearer wrong").want("GET", "/associations/key/k?locationId=office", "", 401, "")
	c.want("GET", "/nowhere?x=1", "", 404, "")
	log := c.s.Requests()
	for i, want := range []sandbox.Request{
		{
			Method: "POST", Route: "POST /associations/", Path: "/associations/", LocationID: school, Status: 201, Committed: true,
			Body: associationBody("student_teacher", "custom_objects.student", "Student", "custom_objects.teacher", "Teacher"),
		},
		{Method: "GET", Route: "GET /associations/{id}", Path: "/associations/a%2Fb", LocationID: school, Status: 400},
		{Method: "GET", Route: "GET /associations/key/{key}", Path: "/associations/key/k", RawQuery: "locationId=office", LocationID: office, Status: 401},
		{Method: "GET", Path: "/nowhere", RawQuery: "x=1", LocationID: school, Status: 404},
	} {
		got := log[i]
		if got.Header.Get("Authorization") != "" || got.Header.Get("Version") != "2021-07-28" || got.Time.IsZero() {
			t.Errorf("%d: %+v", i, got)
		}
		if got.Method != want.Method || got.Route != want.Route || got.Path != want.Path || got.RawQuery != want.RawQuery ||
			got.LocationID != want.LocationID || got.Status != want.Status || got.Committed != want.Committed || got.Body != want.Body {
			t.Errorf("%d: got %+v\nwant %+v", i, got, want)
		}
	}
	log[0].Header.Set("Version", "changed by the reader")
	if got := c.s.Requests()[0].Header.Get("Version"); got != "2021-07-28" {
		t.Errorf("the log can be changed from outside: %s", got)
	}
	c.s.ResetRequests()
	c.want("GET", "/associations/"+id, "", 200, "")
	if got := c.s.Requests(); len(got) != 1 || got[0].Path != "/associations/"+id {
		t.Errorf("after the reset: %+v", got)
	}
}

func TestKeepRequests(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{KeepRequests: 3})
	for _, id := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		c.do("GET", "/associations/"+id, "")
	}
	var got []string
	for _, r := range c.s.Requests() {
		got = append(got, r.Path)
	}
	same(t, got, []string{"/associations/5", "/associations/6", "/associations/7"})
	if page := c.view().body; strings.Contains(page, "earlier requests") {
		t.Error("the page counts shown requests as not shown")
	}
}

func TestTransportHonoursTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{Latency: time.Minute})
		get := func(ctx context.Context) error {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/associations/a1", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := c.s.Transport().RoundTrip(r)
			if err == nil {
				err = response.Body.Close()
			}
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		if err := get(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("error %v after %v", err, time.Since(begin))
		}
		if err := get(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if got := len(c.s.Requests()); got != 1 {
			t.Errorf("%d requests arrived, want 1", got)
		}
	})
}

func TestTransportLeavesTheRequestAlone(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+"/associations/a1", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+schoolToken)
	response, err := c.s.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if len(r.Header) != 1 || r.Header.Get("Authorization") != "Bearer "+schoolToken || response.StatusCode != http.StatusForbidden || response.Status != "403 Forbidden" {
		t.Errorf("%v %v", r.Header, response.Status)
	}
}

func TestStartAndCloseTwice(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	id := c.studentTeacher()
	if again := c.s.Start(); again != c.url {
		t.Errorf("second address %s", again)
	}
	c.s.Close()
	c.s.Close()
	if _, err := c.try("GET", page100, ""); err == nil {
		t.Error("a closed sandbox answers")
	}
	c.url = c.s.Start()
	c.want("GET", "/associations/"+id, "", 200, id)
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{RateLimit: sandbox.RateLimit{Unlimited: true}})
	id := c.studentTeacher()
	var wait sync.WaitGroup
	duplicates := make(chan int, 20)
	for range 20 {
		wait.Go(func() {
			r, err := c.try("POST", "/associations/relations", relationBody(id, "student-1", "teacher-1"))
			if err != nil {
				t.Error(err)
			}
			duplicates <- r.status
			c.s.SetQuirks(func(q *sandbox.Quirks) { q.NoTotal = !q.NoTotal })
			c.s.Requests()
			c.s.Relations(school)
		})
	}
	wait.Wait()
	close(duplicates)
	count := map[int]int{}
	for status := range duplicates {
		count[status]++
	}
	if count[201] != 1 || count[400] != 19 {
		t.Errorf("statuses %v", count)
	}
}

package ghl

import (
	"fmt"
	"strings"
	"testing"
)

func TestLocationPages(t *testing.T) {
	t.Parallel()
	row := func(i int) string {
		return fmt.Sprintf(`{"_id":"loc-%d","name":"Shop %d","address":"Street %d","isInstalled":%t,"versionId":"v"}`, i, i, i, i%2 == 0)
	}
	page := func(from, to, count int) string {
		rows := make([]string, 0, to-from)
		for i := from; i < to; i++ {
			rows = append(rows, row(i))
		}
		return fmt.Sprintf(`{"locations":[%s],"count":%d,"installToFutureLocations":true}`, strings.Join(rows, ","), count)
	}
	walk := func(server *fakeTransport) (locations []Location, complete bool, err error) {
		w := newTestClient(t, server, withAgency).LocationPages("app", "a shop")
		for range 10 {
			page, err := w.Next(t.Context(), PageSize)
			locations = append(locations, page.Rows...)
			if err != nil || page.Complete() {
				return locations, page.Complete(), err
			}
		}
		return locations, false, nil
	}

	server := changing(answers(200, page(0, 100, 150)), answers(200, page(100, 150, 150)))
	locations, complete, err := walk(server)
	if err != nil || !complete || len(locations) != 150 || server.count() != 2 {
		t.Fatalf("%d rows after %d requests, complete %t, %v", len(locations), server.count(), complete, err)
	}
	if want := (Location{ID: "loc-7", Name: "Shop 7", Address: "Street 7"}); locations[7] != want {
		t.Errorf("got %+v, want %+v", locations[7], want)
	}
	if !locations[8].Installed {
		t.Errorf("got %+v, want a sub-account with the app", locations[8])
	}
	if got, want := server.sent()[1].URL, "https://services.leadconnectorhq.com/oauth/installedLocations?appId=app&companyId=company&limit=100&query=a+shop&skip=100"; got != want {
		t.Errorf("requested %s, want %s", got, want)
	}
	if got := server.sent()[0].Header.Get("Authorization"); got != "Bearer "+agencyToken {
		t.Errorf("sent with %s", got)
	}

	for name, test := range map[string]struct {
		server *fakeTransport
		want   string // the error's kind, or a part of its text; "" if the listing succeeds
	}{
		"none":             {changing(answers(200, page(0, 0, 0))), ""},
		"no count":         {changing(answers(200, `{"locations":[`+row(0)+`]}`), answers(200, `{"locations":[]}`)), ""},
		"v3":               {changing(answers(200, `{"items":[{"id":"a","name":"A","isInstalled":true}],"pagination":{"total":2}}`), answers(200, `{"items":[{"_id":"b"}],"pagination":{"total":2}}`)), ""},
		"v3, short":        {changing(answers(200, `{"items":[{"id":"a"}],"pagination":{"total":2}}`), answers(200, `{"items":[],"pagination":{"total":2}}`)), "1 of 2"},
		"no isInstalled":   {changing(answers(200, `{"locations":[{"_id":"a"}],"count":1}`), answers(200, page(0, 0, 1))), ""},
		"short":            {changing(answers(200, page(0, 2, 3)), answers(200, page(0, 0, 3))), "2 of 3"},
		"repeated":         {changing(answers(200, page(0, 100, 150))), "repeats rows"},
		"a row without id": {changing(answers(200, `{"locations":[{"name":"x"}],"count":1}`), answers(200, page(0, 0, 1))), ""},
		"cut":              {changing(answers(200, page(0, 2, 2)[:60])), string(Malformed)},
		"another object":   {changing(answers(200, `{}`)), string(Malformed)},
		"HTML":             {changing(answers(200, `<p>`)), string(Malformed)},
		"another company":  {changing(answers(403, `{"message":"no"}`)), string(AgencyForbidden)},
		"not found":        {changing(answers(404, `{"message":"Company not found"}`)), string(AgencyForbidden)},
		"no scope":         {changing(answers(401, `{"message":"The token is not authorized for this scope."}`)), string(AgencyScope)},
	} {
		if _, _, err := walk(test.server); test.want == "" && err != nil || test.want != "" && (err == nil || string(KindOf(err)) != test.want && !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

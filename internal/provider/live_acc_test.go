package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// liveAccount returns a client of the real sub-account in the environment variables, or nil if they are not set. A token that
// does not belong to that sub-account is an error.
func liveAccount(ctx context.Context) (*api, error) {
	location, token := os.Getenv(envLiveLocation), os.Getenv(envLiveToken)
	if os.Getenv(resource.EnvTfAcc) == "" || location == "" && token == "" {
		return nil, nil
	}
	if location == "" || token == "" {
		return nil, fmt.Errorf("set both %s and %s, or neither of them", envLiveLocation, envLiveToken)
	}
	base := os.Getenv(envLiveBaseURL)
	if base == "" {
		base = "https://services.leadconnectorhq.com"
	}
	live := &api{baseURL: strings.TrimRight(base, "/"), token: token, locationID: location}
	if err := live.answers(ctx); err != nil {
		return nil, fmt.Errorf("the token in %s cannot read the sub-account %q in %s: %w", envLiveToken, location, envLiveLocation, err)
	}
	return live, nil
}

// api is a client of the API that shares no code with the provider.
type api struct {
	baseURL    string
	token      string
	locationID string
}

func (c *api) call(ctx context.Context, method, path string, body, into any) error {
	var sent io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(encoded)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.baseURL+path, sent)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Version", "2021-07-28")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "terraform-provider-ghl-tests")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// associations lists all associations of the sub-account.
func (c *api) associations(ctx context.Context) ([]sandbox.Association, error) {
	var all []sandbox.Association
	seen := map[string]bool{}
	for skip := 0; skip < 100_000; skip += 100 {
		var raw json.RawMessage
		query := url.Values{"locationId": {c.locationID}, "skip": {fmt.Sprint(skip)}, "limit": {"100"}}
		if err := c.call(ctx, http.MethodGet, "/associations/?"+query.Encode(), nil, &raw); err != nil {
			return nil, err
		}
		var wrapped struct{ Associations []sandbox.Association }
		if json.Unmarshal(raw, &wrapped.Associations) != nil {
			if err := json.Unmarshal(raw, &wrapped); err != nil {
				return nil, err
			}
		}
		news := false
		for _, row := range wrapped.Associations {
			if !seen[row.ID] {
				seen[row.ID], news = true, true
				all = append(all, row)
			}
		}
		if !news {
			return all, nil
		}
	}
	return nil, errors.New("the list of associations does not end")
}

// answers returns an error if the token does not belong to the sub-account.
func (c *api) answers(ctx context.Context) error {
	rows, err := c.associations(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.LocationID != "" && row.LocationID != c.locationID {
			return fmt.Errorf("it lists associations of the sub-account %q", row.LocationID)
		}
	}
	return nil
}

// removeLeftovers deletes the associations that interrupted test runs left in a real sub-account.
func (c *api) removeLeftovers(ctx context.Context) error {
	if c == nil {
		return nil
	}
	rows, err := c.associations(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if strings.HasPrefix(row.Key, keyPrefix) && row.AssociationType == sandbox.UserDefined {
			err = errors.Join(err, c.call(ctx, http.MethodDelete, "/associations/"+url.PathEscape(row.ID), nil, nil))
		}
	}
	return err
}

// A run against a real sub-account does not start unless the token belongs to that sub-account. A run removes only the
// leftovers of earlier runs.
func TestLiveGuard(t *testing.T) {
	t.Parallel()
	s := sandbox.New(sandbox.Options{
		Locations: []sandbox.Location{{ID: "loc-school", Token: "pit-school"}, {ID: "loc-other", Token: "pit-other"}},
		RateLimit: sandbox.RateLimit{Unlimited: true},
	})
	url := s.Start()
	t.Cleanup(s.Close)
	for _, test := range []struct{ name, token, location, want string }{
		{"its token", "pit-school", "loc-school", ""},
		{"a token of another sub-account", "pit-other", "loc-school", "403"},
		{"an unknown token", "pit-none", "loc-school", "401"},
	} {
		live := &api{baseURL: url, token: test.token, locationID: test.location}
		err := live.answers(t.Context())
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.want)
		}
	}

	for _, key := range []string{"tfacc_0123_left", "theirs"} {
		s.AddAssociation(sandbox.Association{
			LocationID: "loc-school", Key: key,
			FirstObjectKey: "contact", FirstObjectLabel: "A", SecondObjectKey: "contact", SecondObjectLabel: "B",
		})
	}
	if err := (&api{baseURL: url, token: "pit-school", locationID: "loc-school"}).removeLeftovers(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows := s.Associations("loc-school"); len(rows) != 1 || rows[0].Key != "theirs" {
		t.Errorf("left after the cleanup: %v, want the one with the key theirs", rows)
	}
}

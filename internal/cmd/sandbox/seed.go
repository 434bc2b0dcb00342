package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// seed is what a sandbox begins with. It is sent through the API, so that it is stored, and refused, as anything else is.
type seed struct {
	Agencies  []seedAgency   `json:"agencies"`
	Locations []seedLocation `json:"locations"`
}

// seedAgency is a company whose app's token can be exchanged for those of the sub-accounts that name it.
type seedAgency struct {
	CompanyID string `json:"companyId"`
	AppID     string `json:"appId"`
	Token     string `json:"token"`
}

type seedLocation struct {
	ID           string            `json:"id"`
	Token        string            `json:"token"`
	CompanyID    string            `json:"companyId"`
	Name         string            `json:"name"`
	Address      string            `json:"address"`
	NoApp        bool              `json:"noApp"`
	NoSystemRows bool              `json:"noSystemRows"`
	Objects      []body            `json:"objects"`
	Fields       []body            `json:"fields"`
	Values       []body            `json:"customValues"`
	Associations []seedAssociation `json:"associations"`
	Records      []seedRecord      `json:"records"`
	Relations    []seedRelation    `json:"relations"`
}

type seedAssociation struct {
	Key               string `json:"key"`
	FirstObjectKey    string `json:"firstObjectKey"`
	FirstObjectLabel  string `json:"firstObjectLabel"`
	SecondObjectKey   string `json:"secondObjectKey"`
	SecondObjectLabel string `json:"secondObjectLabel"`
}

// seedRecord says which object a record belongs to. Records whose id tells it (contact-7, student-3) need none.
type seedRecord struct {
	ID         string         `json:"id"`
	ObjectKey  string         `json:"objectKey"`
	Properties map[string]any `json:"properties"`
}

// seedRelation names its association by key, or a system-defined one by id. The records go in the stored order.
type seedRelation struct {
	Association    string `json:"association"`
	FirstRecordID  string `json:"firstRecordId"`
	SecondRecordID string `json:"secondRecordId"`
}

func defaultSeed() seed {
	return seed{
		Agencies: []seedAgency{{CompanyID: "agency", AppID: "app", Token: "fake-token-for-agency"}},
		Locations: []seedLocation{{
			ID: "school", Token: "fake-token-for-school", CompanyID: "agency", Name: "School",
			Objects: schoolObjects, Fields: schoolFields, Values: schoolValues,
		}},
	}
}

func readSeedFile(name string) (seed, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return seed{}, fmt.Errorf("unable to read the seed: %w", err)
	}
	s, err := parseSeed(text)
	if err != nil {
		return seed{}, fmt.Errorf("unable to read the seed %s: %w", name, err)
	}
	return s, nil
}

func parseSeed(text []byte) (seed, error) {
	var s seed
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, fmt.Errorf("line %d: %w", lineOf(text, err, decoder.InputOffset()), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return s, errors.New("there is more after the end of the object")
	}
	return s, s.check()
}

// lineOf is the line that a decoding error is about, as well as the decoder tells.
func lineOf(text []byte, err error, offset int64) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	return 1 + bytes.Count(text[:min(offset, int64(len(text)))], []byte("\n"))
}

// check finds what the API would not be asked about.
func (s seed) check() error {
	if len(s.Locations) == 0 {
		return errors.New(`"locations" needs at least one sub-account`)
	}
	ids, tokens, companies := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, a := range s.Agencies {
		switch {
		case a.CompanyID == "" || a.AppID == "" || a.Token == "":
			return fmt.Errorf(`agencies[%d] needs "companyId", "appId" and "token"`, i)
		case companies[a.CompanyID]:
			return fmt.Errorf("agencies[%d]: the id %q is taken", i, a.CompanyID)
		case tokens[a.Token]:
			return fmt.Errorf("agencies[%d]: the token %q is taken", i, a.Token)
		}
		companies[a.CompanyID], tokens[a.Token] = true, true
	}
	for i, l := range s.Locations {
		switch {
		case l.ID == "" || l.Token == "":
			return fmt.Errorf(`locations[%d] needs "id" and "token"`, i)
		case ids[l.ID]:
			return fmt.Errorf("locations[%d]: the id %q is taken", i, l.ID)
		case tokens[l.Token]:
			return fmt.Errorf("locations[%d]: the token %q is taken", i, l.Token)
		case l.CompanyID != "" && !companies[l.CompanyID]:
			return fmt.Errorf("locations[%d]: there is no agency %q", i, l.CompanyID)
		}
		ids[l.ID], tokens[l.Token] = true, true
		for j, r := range l.Records {
			if r.ID == "" || r.ObjectKey == "" {
				return fmt.Errorf(`locations[%d].records[%d] needs "id" and "objectKey"`, i, j)
			}
		}
	}
	return nil
}

// plant fills a sandbox.
func (s seed) plant(ctx context.Context, to *sandbox.Sandbox, prefix string) error {
	for _, a := range s.Agencies {
		to.AddAgency(sandbox.Agency{CompanyID: a.CompanyID, AppID: a.AppID, Token: a.Token})
	}
	for i, l := range s.Locations {
		to.AddLocation(sandbox.Location{
			ID: l.ID, Token: l.Token, NoSystemRows: l.NoSystemRows,
			CompanyID: l.CompanyID, Name: l.Name, Address: l.Address, NoApp: l.NoApp,
		})
		post := poster{client: &http.Client{Transport: to.Transport()}, prefix: prefix, token: l.Token}
		if err := l.plant(ctx, to, post); err != nil {
			return fmt.Errorf("seed: locations[%d].%w", i, err)
		}
	}
	return nil
}

// plant fills a sub-account.
func (l seedLocation) plant(ctx context.Context, to *sandbox.Sandbox, post poster) error {
	for _, r := range l.Records {
		to.AddRecord(l.ID, r.ID, r.ObjectKey, r.Properties)
	}
	if err := l.plantObjects(ctx, to, post); err != nil {
		return err
	}
	for i, a := range l.Associations {
		if err := post.send(ctx, "/associations/", a.body(l.ID)); err != nil {
			return fmt.Errorf("associations[%d]: %w", i, err)
		}
	}
	ids := map[string]string{}
	for _, a := range to.Associations(l.ID) {
		ids[a.Key] = a.ID
	}
	for i, r := range l.Relations {
		if err := post.send(ctx, "/associations/relations", r.body(l.ID, ids)); err != nil {
			return fmt.Errorf("relations[%d]: %w", i, err)
		}
	}
	return nil
}

func (a seedAssociation) body(locationID string) map[string]string {
	return map[string]string{
		"locationId": locationID, "key": a.Key,
		"firstObjectKey": a.FirstObjectKey, "firstObjectLabel": a.FirstObjectLabel,
		"secondObjectKey": a.SecondObjectKey, "secondObjectLabel": a.SecondObjectLabel,
	}
}

func (r seedRelation) body(locationID string, idOfKey map[string]string) map[string]string {
	id, ok := idOfKey[strings.ToLower(r.Association)]
	if !ok {
		id = r.Association
	}
	return map[string]string{
		"locationId": locationID, "associationId": id,
		"firstRecordId": r.FirstRecordID, "secondRecordId": r.SecondRecordID,
	}
}

// poster sends what a sub-account is to hold.
type poster struct {
	client *http.Client
	prefix string
	token  string
}

func (p poster) send(ctx context.Context, path string, fields any) (err error) {
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://sandbox.invalid"+p.prefix+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "sandbox-seed")
	r.Header.Set("Version", "2021-07-28")
	response, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode < http.StatusMultipleChoices {
		return nil
	}
	var refusal struct {
		Message any `json:"message"`
	}
	if err := json.NewDecoder(response.Body).Decode(&refusal); err != nil {
		return fmt.Errorf("%s: %w", response.Status, err)
	}
	return fmt.Errorf("%s: %v", response.Status, refusal.Message)
}

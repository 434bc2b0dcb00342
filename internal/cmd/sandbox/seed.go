package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// seed is the initial content of a sandbox. The seed is sent through the API, so the sandbox checks it like any other request.
// The guide on the sandbox describes every field.
type seed struct {
	Agencies  []seedAgency   `json:"agencies"`
	Locations []seedLocation `json:"locations"`
}

// seedAgency is a company. The token of its app can be exchanged for tokens of the sub-accounts that specify the company.
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
	Folders      []body            `json:"folders"`
	Fields       []body            `json:"fields"`
	Values       []body            `json:"customValues"`
	Associations []seedAssociation `json:"associations"`
	Records      []seedRecord      `json:"records"`
	Relations    []seedRelation    `json:"relations"`
}

// seedAssociation is an association. Set ID only if a configuration or a guide refers to the id.
type seedAssociation struct {
	ID                string `json:"id"`
	Key               string `json:"key"`
	FirstObjectKey    string `json:"firstObjectKey"`
	FirstObjectLabel  string `json:"firstObjectLabel"`
	SecondObjectKey   string `json:"secondObjectKey"`
	SecondObjectLabel string `json:"secondObjectLabel"`
}

// seedRecord sets the object and the properties of a record. It is not needed for a record without properties whose id begins
// with its object (contact-7, student-3).
type seedRecord struct {
	ID         string         `json:"id"`
	ObjectKey  string         `json:"objectKey"`
	Properties map[string]any `json:"properties"`
}

// seedRelation specifies its association by key or, for an association that HighLevel defined, by id. Its records are in the
// stored order.
type seedRelation struct {
	ID             string `json:"id"`
	Association    string `json:"association"`
	FirstRecordID  string `json:"firstRecordId"`
	SecondRecordID string `json:"secondRecordId"`
}

// defaultFile contains a school, and an agency with three sub-accounts that the guides use.
//
//go:embed default.json
var defaultFile []byte

func defaultSeed() seed {
	s, err := parseSeed(defaultFile)
	if err != nil {
		panic("default.json: " + err.Error()) // it is embedded
	}
	return s
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
		return s, errors.New("unexpected text after the end of the object")
	}
	return s, s.check()
}

// lineOf returns the line of a decoding error, or of the decoder's position if the error contains no offset.
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

// check finds the mistakes that the API does not detect.
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
			return fmt.Errorf("locations[%d]: no agency has the id %q", i, l.CompanyID)
		}
		ids[l.ID], tokens[l.Token] = true, true
		if err := l.check(); err != nil {
			return fmt.Errorf("locations[%d].%w", i, err)
		}
	}
	return nil
}

func (l seedLocation) check() error {
	for i, r := range l.Records {
		if r.ID == "" || r.ObjectKey == "" {
			return fmt.Errorf(`records[%d] needs "id" and "objectKey"`, i)
		}
	}
	taken := map[string]bool{}
	for i, a := range l.Associations {
		if err := checkID(a.ID, taken); err != nil {
			return fmt.Errorf("associations[%d]: %w", i, err)
		}
	}
	for i, r := range l.Relations {
		if err := checkID(r.ID, taken); err != nil {
			return fmt.Errorf("relations[%d]: %w", i, err)
		}
	}
	return nil
}

// seedID matches the ids that a seed may set. They must not begin with ownID, the prefix of the ids that the sandbox generates.
var seedID = regexp.MustCompile(`^[0-9a-f]{24}$`)

const ownID = "68d2c5f0a1b20000"

func checkID(id string, taken map[string]bool) error {
	switch {
	case id == "":
		return nil
	case !seedID.MatchString(id) || strings.HasPrefix(id, ownID):
		return fmt.Errorf("the id %q must be 24 hexadecimal digits that do not begin with %s", id, ownID)
	case taken[id]:
		return fmt.Errorf("the id %q is taken", id)
	}
	taken[id] = true
	return nil
}

// plant fills a sandbox with the content of a seed.
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

// plant fills a sub-account with its content.
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
		if a.ID != "" {
			made := last(to.Associations(l.ID))
			to.RemoveAssociation(l.ID, made.ID)
			made.ID = a.ID
			to.AddAssociation(made)
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
		if r.ID != "" {
			made := last(to.Relations(l.ID))
			to.RemoveRelation(l.ID, made.ID)
			made.ID = r.ID
			to.AddRelation(made)
		}
	}
	return nil
}

func last[T any](rows []T) T { return rows[len(rows)-1] }

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

// poster sends the initial content of a sub-account to the API.
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

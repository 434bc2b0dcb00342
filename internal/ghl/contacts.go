package ghl

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// contact holds the fields of a contact that this client uses.
type contact struct {
	ID               string          `json:"id"`
	LocationID       string          `json:"locationId"`
	Email            json.RawMessage `json:"email"`
	AdditionalEmails json.RawMessage `json:"additionalEmails"`
	Phone            json.RawMessage `json:"phone"`
	AdditionalPhones json.RawMessage `json:"additionalPhones"`
}

func (contact) wrappers() []string { return []string{"contact"} }

func (c contact) identify() (id string, systemDefined bool) { return c.ID, false }

func (c contact) check() error {
	if c.ID == "" {
		return errors.New("a contact lacks its id")
	}
	return checkIDs(c.ID, c.LocationID)
}

// ContactByEmail finds the id of the contact with an e-mail address: GET
// /contacts/search/duplicate?email. HighLevel stores addresses in lower case, so the
// address must be in lower case. The id is "" if there is no such contact. If a sub-account
// allows several contacts with one address, HighLevel returns only one of them, and nothing
// in the answer shows that others exist. If the returned contact has a different address,
// the error is Malformed.
func (c *Client) ContactByEmail(ctx context.Context, locationID, email string) (id string, err error) {
	return c.contactBy(ctx, locationID, "email", email, func(found contact) bool {
		isAsked := func(text string) bool { return strings.EqualFold(text, email) }
		return !isShown(found.Email) || anyText(found.Email, 0, isAsked) || anyText(found.AdditionalEmails, maxNesting, isAsked)
	})
}

// ContactByPhone finds the id of the contact with a phone number: GET
// /contacts/search/duplicate?number. The number must have the form that PhoneNumber
// returns. Otherwise, ContactByPhone works like ContactByEmail.
func (c *Client) ContactByPhone(ctx context.Context, locationID, number string) (id string, err error) {
	return c.contactBy(ctx, locationID, "number", number, func(found contact) bool {
		isAsked := func(text string) bool { return samePhone(PhoneNumber(text), number) }
		return !isShown(found.Phone) || anyText(found.Phone, 0, isAsked) || anyText(found.AdditionalPhones, maxNesting, isAsked)
	})
}

func (c *Client) contactBy(ctx context.Context, locationID, field, value string, fits func(contact) bool) (string, error) {
	r := request{operation: "find contact", path: "/contacts/search/duplicate", query: inLocation(locationID), locationID: locationID}
	r.query.Set(field, value)
	found, err := call(ctx, c, r, func(body []byte) (contact, error) {
		if err := checkJSON(body); err != nil {
			return contact{}, err
		}
		inner, isWrapper := unwrap(body, contact{}.wrappers())
		switch {
		case !isWrapper: // an object without the wrapper may be anything
			return contact{}, errors.New("the answer has no contact")
		case !isShown(inner):
			return contact{}, nil
		}
		return one(func(row contact) error { return askedLocation(row.LocationID, locationID) })(inner)
	})
	if err == nil && found.ID != "" && !fits(found) {
		failure := r.fail(Malformed, nil) // no retry: an inexact search would return the same contact again
		failure.Message = "the answer is about a contact with another e-mail address or phone number"
		return "", failure
	}
	return found.ID, err
}

// PhoneNumber normalizes a phone number: it removes everything but digits and plus signs,
// and replaces a leading 00 with a plus sign. The result looks like "+15550100".
func PhoneNumber(text string) string {
	number := strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	if abroad, ok := strings.CutPrefix(number, "00"); ok {
		return "+" + abroad
	}
	return number
}

// samePhone reports whether a stored number matches the requested number, which may begin
// with a zero instead of the country code.
func samePhone(stored, asked string) bool {
	national := strings.TrimLeft(asked, "0")
	return stored == asked || national != "" && strings.HasSuffix(stored, national)
}

package ghl

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// contact holds the fields that are read from a contact.
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
// allows several contacts with one address, HighLevel returns one of them, without saying
// so. A contact that shows another address is a Malformed error.
func (c *Client) ContactByEmail(ctx context.Context, locationID, email string) (id string, err error) {
	return c.contactBy(ctx, locationID, "email", email, func(found contact) bool {
		isAsked := func(text string) bool { return strings.EqualFold(text, email) }
		return !isShown(found.Email) || anyText(found.Email, 0, isAsked) || anyText(found.AdditionalEmails, maxNesting, isAsked)
	})
}

// ContactByPhone is ContactByEmail for a phone number, as PhoneNumber returns it: GET
// /contacts/search/duplicate?number.
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
		case !isWrapper: // a bare object could be anything
			return contact{}, errors.New("the answer has no contact")
		case !isShown(inner):
			return contact{}, nil
		}
		return one(func(row contact) error { return askedLocation(row.LocationID, locationID) })(inner)
	})
	if err == nil && found.ID != "" && !fits(found) {
		failure := r.fail(Malformed, nil) // a search that is not exact would give the same answer to a retry
		failure.Message = "the answer is about a contact with another e-mail address or phone number"
		return "", failure
	}
	return found.ID, err
}

// PhoneNumber returns a phone number without the characters that people write between its
// digits, and with a plus for a leading 00: "+15550100".
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

// samePhone reports whether a stored number is the one that was asked for. The latter may
// have a zero in place of the country code.
func samePhone(stored, asked string) bool {
	national := strings.TrimLeft(asked, "0")
	return stored == asked || national != "" && strings.HasSuffix(stored, national)
}

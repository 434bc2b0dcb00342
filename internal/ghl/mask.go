package ghl

import (
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// masked stands where a secret stood.
const masked = "***"

var bearer = regexp.MustCompile(`(?i)\bbearer\s+[^\s"'<>,;]+`)

// mask hides a token in a text that comes from the server, however it is written
// there: some servers quote the Authorization header in their errors.
type mask struct{ replacer *strings.Replacer }

func newMask(token string) mask {
	pairs := []string{
		token, masked,
		url.QueryEscape(token), masked,
		url.PathEscape(token), masked,
	}
	for _, secret := range []string{token, "Bearer " + token} {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
			pairs = append(pairs, encoding.EncodeToString([]byte(secret)), masked)
		}
	}
	return mask{strings.NewReplacer(pairs...)}
}

func (m mask) apply(text string) string {
	return bearer.ReplaceAllString(m.replacer.Replace(text), "Bearer "+masked)
}

// cause returns err, or, where its text holds the token, a masked copy without
// err's chain.
func (m mask) cause(err error) error {
	if text := err.Error(); m.apply(text) != text {
		return errors.New(m.apply(text))
	}
	return err
}

package sandbox

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Names of fields in queries and bodies.
const (
	fieldLocationID        = "locationId"
	fieldSkip              = "skip"
	fieldLimit             = "limit"
	fieldAssociationIDs    = "associationIds"
	fieldKey               = "key"
	fieldFirstObjectKey    = "firstObjectKey"
	fieldFirstObjectLabel  = "firstObjectLabel"
	fieldSecondObjectKey   = "secondObjectKey"
	fieldSecondObjectLabel = "secondObjectLabel"
	fieldAssociationID     = "associationId"
	fieldFirstRecordID     = "firstRecordId"
	fieldSecondRecordID    = "secondRecordId"
)

var (
	associationFields = texts(
		fieldLocationID, fieldKey,
		fieldFirstObjectLabel, fieldFirstObjectKey, fieldSecondObjectLabel, fieldSecondObjectKey,
	)
	labelFields    = texts(fieldFirstObjectLabel, fieldSecondObjectLabel)
	relationFields = texts(fieldLocationID, fieldAssociationID, fieldFirstRecordID, fieldSecondRecordID)
)

const (
	messageNoLocation   = "LocationId can't be undefined"
	messageNoAccess     = "The token does not have access to this location."
	messageInvalidToken = "Invalid JWT"
	versionV3           = "v3"
	maxBody             = 1 << 20
)

var knownVersions = []string{"2021-04-15", "2021-07-28", "2023-02-21", versionV3}

// admit checks what every route requires: a user agent that the edge accepts, a known route, a version and a token. It returns
// nil if the request passes.
func admit(x *exchange, q Quirks) *answer {
	userAgent := x.header.Get("User-Agent")
	if userAgent == "" || strings.HasPrefix(userAgent, "Go-http-client") {
		return new(textAnswer(http.StatusForbidden, "text/plain; charset=UTF-8", "error code: 1010"))
	}
	if x.route == nil {
		return new(cannot(x.method, x.uri))
	}
	versions := x.header.Values("Version")
	switch {
	case len(versions) == 0 || versions[0] == "":
		return new(errorAnswer(http.StatusUnauthorized, "version header was not found.", x.traceID))
	case len(versions) > 1 || !slices.Contains(knownVersions, versions[0]):
		return new(wrongVersion(q, strings.Join(versions, ", "), x.traceID))
	}
	if message := x.refusedToken(); message != "" {
		return new(errorAnswer(http.StatusUnauthorized, message, x.traceID))
	}
	return nil
}

// wrongVersion returns the answer for an unknown version of the API.
func wrongVersion(q Quirks, version, traceID string) answer {
	if q.WrongVersionIs401 {
		return errorAnswer(http.StatusUnauthorized, "version header is invalid", traceID)
	}
	return errorAnswer(http.StatusBadRequest, fmt.Sprintf("Invalid API version segment '%s' at position 0", version), traceID)
}

// refusedToken returns the reason why the route refuses the token, or "" if the route accepts it.
func (x *exchange) refusedToken() string {
	isForAgencies := x.route.scope != ""
	switch {
	case x.account == nil && x.agency == nil && strings.HasPrefix(x.token, "pit-"):
		return "Invalid Private Integration token"
	case x.account == nil && x.agency == nil:
		return messageInvalidToken
	case isForAgencies && x.agency == nil:
		return "Token's user type mismatch"
	case !isForAgencies && x.agency != nil:
		return "This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case."
	case isForAgencies && !x.agency.has(x.route.scope):
		return "The token is not authorized for this scope."
	default:
		return ""
	}
}

// readCall checks the query and the body of an admitted request. If it returns no answer, a handler can process the call.
func readCall(x *exchange, q Quirks) (*call, *answer) {
	c := &call{account: x.account, agency: x.agency, quirks: q, vars: x.vars, param: x.param, traceID: x.traceID}
	query, err := url.ParseQuery(x.rawQuery)
	if err != nil {
		return nil, new(c.refuse(http.StatusBadRequest, "Malformed query"))
	}
	body, refusal := readBody(x, c)
	if refusal != nil {
		return nil, refusal
	}
	if other := requestedLocation(x.vars, query, body); c.account != nil && other != "" && other != c.account.id && x.route.takesLocation() {
		return nil, new(c.refuse(http.StatusForbidden, messageNoAccess))
	}
	problems := c.takeQuery(x.route, query)
	problems = append(problems, c.takeBody(x.route, body)...)
	if len(problems) > 0 {
		return nil, new(c.refuseForm(problems...))
	}
	if x.shift != nil {
		c.skip = max(0, x.shift(c.skip, c.limit))
	}
	c.reversed, c.foreign = x.reversed, x.foreign
	c.v3 = x.isV3()
	return c, nil
}

func (r *route) takesLocation() bool {
	return slices.Contains(r.query, fieldLocationID) || hasField(r.body, fieldLocationID) || strings.Contains(r.name, "{"+fieldLocationID+"}")
}

// requestedLocation returns the id of the sub-account that a request specifies, or "".
func requestedLocation(vars map[string]string, query url.Values, body map[string]json.RawMessage) string {
	if inPath := vars[fieldLocationID]; inPath != "" {
		return inPath
	}
	var inBody string
	if json.Unmarshal(body[fieldLocationID], &inBody) == nil && inBody != "" {
		return inBody
	}
	return query.Get(fieldLocationID)
}

// readBody decodes the body, which must be an object if the route has a body.
func readBody(x *exchange, c *call) (map[string]json.RawMessage, *answer) {
	if x.route.body == nil {
		return nil, nil
	}
	if len(x.body) > maxBody {
		return nil, new(c.refuse(http.StatusRequestEntityTooLarge, "request entity too large"))
	}
	wanted, form := "application/json", "a JSON object"
	if x.route.form {
		wanted, form = "application/x-www-form-urlencoded", "a form"
	}
	media, _, err := mime.ParseMediaType(x.header.Get("Content-Type"))
	if err != nil || media != wanted {
		return nil, new(c.refuseForm("Content-Type must be " + wanted))
	}
	fields, err := x.route.decode(x.body)
	if err != nil || fields == nil {
		return nil, new(c.refuse(http.StatusBadRequest, "The body is not "+form))
	}
	return fields, nil
}

// takeQuery reads the query into the call and returns the errors in it.
func (c *call) takeQuery(r *route, query url.Values) (problems []string) {
	for _, field := range sortedKeys(query) {
		name := strings.TrimSuffix(field, "[]") // a list may be sent as name[]=a&name[]=b
		if !slices.Contains(r.query, name) || name != field && name != fieldAssociationIDs {
			problems = append(problems, "property "+field+" should not exist")
			continue
		}
		if name == fieldAssociationIDs {
			c.wanted = strings.FieldsFunc(strings.Join(query[field], ","), func(r rune) bool { return r == ',' })
		}
	}
	if c.account != nil && slices.Contains(r.query, fieldLocationID) && query.Get(fieldLocationID) == "" {
		problems = append(problems, messageNoLocation)
	}
	c.query, c.limit = query, r.limit
	if r.paged && (r.limit == 0 || query.Has(fieldSkip)) {
		problems = append(problems, takeNumber(&c.skip, query, fieldSkip)...)
	}
	if r.paged && (r.limit == 0 || query.Has(fieldLimit)) {
		problems = append(problems, takeNumber(&c.limit, query, fieldLimit)...)
	}
	return problems
}

// takeNumber reads a required number of at least 0.
func takeNumber(to *int, query url.Values, field string) []string {
	values := query[field]
	if len(values) == 0 {
		return []string{field + " should not be empty"}
	}
	n, err := strconv.ParseUint(values[0], 10, 31)
	if err != nil || len(values) > 1 {
		return []string{field + " must be a non-negative integer"}
	}
	*to = int(n)
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

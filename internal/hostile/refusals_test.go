package hostile_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// commands are texts that look like a CI command or another error, or contain a token. They are written as in a JSON
// string.
var commands = map[string]string{
	"a GitHub warning":                 `a\n::warning::b`,
	"indented":                         `a\n    ::error file=main.tf::b`,
	"first":                            `::set-output name=a::b`,
	"after a carriage return":          `a\r::warning::b`,
	"an older warning":                 `a ##[error]b`,
	"an Azure command":                 `a\n##vso[task.setvariable variable=a]b`,
	"inside a line":                    `a ##vso[task.complete result=Succeeded]b`,
	"another error":                    `a\n\nError: Unable to Breathe\n\nb`,
	"a line separator":                 `a\u2028::warning::b\u2029Error: c`,
	"a next line":                      `a\u0085::warning::b`,
	"a vertical tab":                   `a\u000b::warning::b\u000cError: c`,
	"colours":                          `a\u001b[31mb\u001b[0m`,
	"the screen cleared":               `a\u001b[2J\u001b[1;1Hb`,
	"a title":                          `a\u001b]0;b\u0007`,
	"a link":                           `a\u001b]8;;https://collector.invalid\u0007b\u001b]8;;\u0007`,
	"a C1 control":                     `a\u009b31mb`,
	"backspaces":                       `a\b\b\b\bb`,
	"bidi":                             `a\u202eb\u2066c\u2069d`,
	"zero width":                       `a\u200bb\u200cc\u200dd\u2060e\ufefff`,
	"tags":                             `a\udb40\udc41\udb40\udc42b`,
	"a soft hyphen":                    `a\u00adb`,
	"five thousand lines":              strings.Repeat(`a\n`, 5_000),
	"a long word":                      strings.Repeat(`a`, 20_000),
	"the token":                        `no access for {TOKEN}`,
	"the token as a header":            `Authorization: Bearer {TOKEN}`,
	"the token's beginning":            `no access for ` + homeToken[:14],
	"the token's end":                  `no access for ` + homeToken[len(homeToken)-14:],
	"the token where text is cut off":  strings.Repeat("a", 990) + `{TOKEN}`,
	"the token before text is cut off": strings.Repeat("a", 976) + `{TOKEN}`,
	"the token in two parts":           homeToken[:14] + `\n` + homeToken[14:],
	"the token percent-encoded":        percentEncoded(homeToken),
	"the token escaped":                escaped(homeToken),
	"the token escaped twice":          strings.ReplaceAll(escaped(homeToken), `\`, `\\`),
	"the token in base64":              inBase64(0, homeToken),
	"the token in base64, at 1":        inBase64(1, homeToken),
	"the token in base64, at 2":        inBase64(2, homeToken),
}

// errorBodies returns refusals with hostile texts.
func errorBodies() []entry {
	var all []entry
	for what, text := range commands {
		for _, status := range []int{400, 422, 503} {
			all = append(all, entry{
				kind: fmt.Sprint("text of a ", status), name: what, verbs: onFew, status: status,
				body: fmt.Sprintf(`{"statusCode":%d,"message":"%s","error":"%[2]s","traceId":"%[2]s","errors":["%[2]s"]}`, status, text),
			})
		}
		all = append(all, entry{
			kind: "text of a page", name: what, verbs: onReads, status: 502, header: http.Header{"Content-Type": {"text/html"}},
			body: "<html><title>" + unquoted(text) + "</title></html>",
		}, entry{
			kind: "text of a label", name: what, verbs: []verb{importAssociation, dataAssociation, listAll, makeAssociation, removeAssociation}, route: anyAssociation, status: 200,
			body: listedOrNot(mentorRow.with("firstObjectLabel", `"`+text+`"`).with("key", `"made"`)),
		})
	}
	// The engine may break a full line between any two words.
	for n := range 12 {
		for _, text := range []string{"::warning::b", "Error: b"} {
			all = append(all, entry{
				kind: "text at the end of a line", name: fmt.Sprint(n, " ", text), verbs: onReads, status: 400,
				body: fmt.Sprintf(`{"statusCode":400,"message":"%s%s"}`, strings.Repeat("a", n), strings.Repeat(" words "+text, 20)),
			})
		}
	}
	return append(all, manyWords()...)
}

// manyWords returns refusals with too much text.
func manyWords() []entry {
	list := func(n int, item string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	var all []entry
	for what, body := range map[string]string{
		"2,000 messages":              `{"statusCode":422,"message":` + list(2_000, `"property a should not exist"`) + `}`,
		"2,000 errors":                `{"statusCode":422,"message":"a","errors":` + list(2_000, `"property a should not exist"`) + `}`,
		"2,000 objects":               `{"statusCode":422,"message":"a","errors":` + list(2_000, `{"message":"b","field":"c"}`) + `}`,
		"commanding messages":         `{"statusCode":422,"message":` + list(50, `"::warning::b"`) + `}`,
		"messages in messages":        `{"statusCode":422,"message":` + strings.Repeat("[", 1_000) + `"a"` + strings.Repeat("]", 1_000) + `}`,
		"a message that is an object": `{"statusCode":422,"message":{"a":{"b":["c\u001b[2J"]}}}`,
		"a number":                    `{"statusCode":"a\u001b","message":17,"traceId":{}}`,
		"an envelope":                 `{"error":{"code":"a\n::warning::b","message":"c\u001b[2J","details":["{TOKEN}"],"resolution":"Error: d"}}`,
		"a list":                      `["a\n::warning::b","{TOKEN}"]`,
		"a text":                      `"a\n::warning::b {TOKEN}"`,
	} {
		for _, status := range []int{401, 403, 422} {
			all = append(all, entry{kind: fmt.Sprint("body of a ", status), name: what, verbs: onFew, status: status, body: body})
		}
	}
	return all
}

// unquoted returns the text of a JSON string as an HTML page would contain it.
func unquoted(text string) string {
	if plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `\ud`, `\\ud`) + `"`); err == nil {
		return plain
	}
	return text
}

// statuses returns answers with an unexpected status.
func statuses() []entry {
	var all []entry
	for _, status := range []int{100, 101, 103, 199, 204, 205, 206, 226, 299, 304, 399, 402, 407, 408, 411, 418, 425, 426, 429, 431, 451, 499, 500, 501, 505, 511, 520, 599, 600, 999} {
		all = append(all, entry{
			kind: "status", name: fmt.Sprint(status, " with a row"), verbs: onFew, status: status, body: mentorRow.with("id", `"foreign"`).String(),
		}, entry{
			kind: "status", name: fmt.Sprint(status, " with the token"), verbs: onReads, status: status, body: `{"message":"{TOKEN}"}`,
		})
	}
	for _, status := range []int{300, 301, 302, 303, 305, 307, 308} {
		for what, location := range map[string]string{
			"another host": "https://collector.invalid/{TOKEN}", "an unencrypted address": "http://api.invalid/", "another sub-account": "/associations/?locationId={ELSEWHERE}",
			"a file": "file:///etc/passwd", "no address": "::warning::\x1b[2J", "itself": "",
		} {
			all = append(all, entry{
				kind: "redirect", name: fmt.Sprint(status, " to ", what), verbs: onFew, status: status, header: http.Header{"Location": {location}},
			})
		}
	}
	return all
}

// headers returns answers with hostile headers.
func headers() []entry {
	var all []entry
	for what, value := range map[string]string{
		"nothing": "", "a word": "soon", "negative": "-1", "zero": "0", "a century": "3155760000", "beyond numbers": "99999999999999999999999", "a fraction": "0.5",
		"a date in the past": "Thu, 01 Jan 1970 00:00:00 GMT", "a date in the far future": "Fri, 31 Dec 9999 23:59:59 GMT", "an escape": "\x1b[2J",
	} {
		for _, status := range []int{429, 503} {
			all = append(all, entry{
				kind: "Retry-After", name: fmt.Sprint(status, " ", what), verbs: onReads, status: status, header: http.Header{"Retry-After": {value}}, body: `{"message":"later"}`,
			})
		}
		limits := http.Header{}
		for _, name := range []string{"Max", "Remaining", "Interval-Milliseconds", "Limit-Daily", "Daily-Remaining"} {
			limits.Set("X-RateLimit-"+name, value)
		}
		all = append(all, entry{kind: "X-RateLimit", name: what, verbs: onReads, status: 200, header: limits, body: mentorRow.String()}, entry{
			kind: "X-RateLimit", name: "429 " + what, verbs: onReads, status: 429, header: limits, body: `{"message":"a\n::warning::b"}`,
		})
	}
	for what, header := range map[string]http.Header{
		"no content type":         {"Content-Type": nil},
		"HTML":                    {"Content-Type": {"text/html"}},
		"an image":                {"Content-Type": {"image/png"}},
		"twice":                   {"Content-Type": {"application/json", "text/html"}},
		"another charset":         {"Content-Type": {"application/json; charset=utf-7"}},
		"gzip that is plain text": {"Content-Encoding": {"gzip"}},
		"trace ids":               {"X-Trace-Id": {"a\x1b[2J", "{TOKEN}"}, "Cf-Ray": {"::warning::"}},
		"a megabyte":              {"X-Filler": {strings.Repeat("a", 1<<20)}},
		"a thousand values":       {"X-Filler": slices.Repeat([]string{"a"}, 1_000)},
		"cookies":                 {"Set-Cookie": {"a={TOKEN}; Domain=collector.invalid"}},
	} {
		for _, status := range []int{200, 403} {
			all = append(all, entry{kind: "header", name: fmt.Sprint(status, " ", what), verbs: onFew, status: status, header: maps.Clone(header), body: `{"message":"{TOKEN}"}`})
		}
	}
	return all
}

package ghl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
)

// errorBody contains the parts of the API's error answers that are used. The API sends
// {"statusCode", "message": text or list of texts, "error", "errors": list, "traceId"}, or,
// in version v3, {"error": {"code", "message", "details", "resolution"}}.
type errorBody struct {
	message string
	details []string
	traceID string
}

// decodeErrorBody decodes the body of an error answer. It returns false if the body does
// not come from the API itself, for example HTML or plain text from the edge or a proxy, or
// JSON that has an "error" but no message.
func decodeErrorBody(body []byte) (errorBody, bool) {
	var wire struct {
		Message json.RawMessage `json:"message"`
		Error   json.RawMessage `json:"error"`
		Errors  json.RawMessage `json:"errors"`
		TraceID json.RawMessage `json:"traceId"`
	}
	if json.Unmarshal(body, &wire) != nil {
		return errorBody{}, false
	}
	own, isOwn := decodeEnvelope(wire.Error)
	if !isOwn {
		own = errorBody{message: strings.Join(texts(wire.Message), "; "), details: texts(wire.Errors)}
		isOwn = own.message != "" || len(own.details) > 0
		own.message = cmp.Or(own.message, strings.Join(texts(wire.Error), "; "))
	}
	own.traceID = strings.Join(texts(wire.TraceID), " ")
	return own, isOwn
}

// decodeEnvelope decodes an error of version v3. It returns false for the errors of other
// servers, which have a similar form but a numeric code and no resolution.
func decodeEnvelope(raw json.RawMessage) (errorBody, bool) {
	var wire struct {
		Code       json.RawMessage `json:"code"`
		Message    json.RawMessage `json:"message"`
		Details    json.RawMessage `json:"details"`
		Resolution json.RawMessage `json:"resolution"`
	}
	if json.Unmarshal(raw, &wire) != nil {
		return errorBody{}, false
	}
	var code string
	isOwn := json.Unmarshal(wire.Code, &code) == nil || wire.Resolution != nil
	message := strings.Join(texts(wire.Message), "; ")
	details := append(texts(wire.Details), texts(wire.Resolution)...)
	return errorBody{message: message, details: details}, isOwn && message != ""
}

// mostTexts is the maximum number of entries that are read from a list in an error answer.
const mostTexts = 10

// texts decodes a string, or a list of strings and objects. It returns each object as JSON.
func texts(raw json.RawMessage) []string {
	list := []json.RawMessage{raw}
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '[' {
		list = nil
		for _, element := range members(raw) {
			if list = append(list, element); len(list) == mostTexts {
				break
			}
		}
	}
	var result []string
	for _, item := range list {
		var text string
		if json.Unmarshal(item, &text) != nil {
			text = string(item)
		}
		if text != "" && text != "null" {
			result = append(result, text)
		}
	}
	return result
}

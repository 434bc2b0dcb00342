package ghl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
)

// errorBody is the API's own form of an error: {"statusCode", "message": text or list of
// texts, "error", "errors": list, "traceId"}, or, in version v3, {"error": {"code",
// "message", "details", "resolution"}}.
type errorBody struct {
	message string
	details []string
	traceID string
}

// decodeErrorBody reports false for a body that does not come from the API itself: HTML or
// plain text from the edge or a proxy, or another server's JSON, such as an "error" without
// a message.
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

// decodeEnvelope reads version v3's error. Other servers wrap messages in the same way, but
// with a number as the code and without a resolution.
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

// mostTexts is how many entries of a list in an error answer are read.
const mostTexts = 10

// texts reads a text, or a list of texts and objects. It keeps objects as JSON.
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

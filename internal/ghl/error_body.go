package ghl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
)

// errorBody is the API's own form of an error:
// {"statusCode", "message": text or list of texts, "error", "errors": list, "traceId"},
// or, under version v3, {"error": {"code", "message", "details", "resolution"}}.
type errorBody struct {
	message string
	details []string
	traceID string
}

// decodeErrorBody reports false for whatever the API itself would not have sent:
// HTML or plain text from the edge or a proxy, or another server's JSON, such as
// an "error" without a message.
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

// decodeEnvelope reads the error of version v3. Other servers wrap a message like that,
// too, but they have a number for a code, and no resolution.
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

// texts reads a text, or a list of texts and objects; objects are kept as JSON.
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

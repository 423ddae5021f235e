package wrappers

import (
	"bytes"
	"encoding/json"
)

// unquote returns the text of a JSON string, which is part of the literal where
// it has no escapes.
func unquote(literal json.RawMessage) ([]byte, bool) {
	if len(literal) >= 2 && literal[0] == '"' && bytes.IndexByte(literal, '\\') < 0 {
		return literal[1 : len(literal)-1], true
	}
	var text *string // stays nil for null
	if err := json.Unmarshal(literal, &text); err != nil || text == nil {
		return nil, false
	}
	return []byte(*text), true
}

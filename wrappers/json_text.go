package wrappers

import (
	"bytes"
	"encoding/json"
)

// unquote returns the text of a JSON string.
func unquote(literal json.RawMessage) ([]byte, bool) {
	if text, rest, ok := cutString(literal); ok && len(rest) == 0 {
		return text[1 : len(text)-1], true
	}
	var text *string // stays nil for null
	if err := json.Unmarshal(literal, &text); err != nil || text == nil {
		return nil, false
	}
	return []byte(*text), true
}

// cutString cuts a string without escapes off, with its quotes.
func cutString(text []byte) (literal, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '"' {
		return nil, nil, false
	}
	end := bytes.IndexByte(text[1:], '"')
	if end < 0 || bytes.IndexByte(text[1:1+end], '\\') >= 0 {
		return nil, nil, false
	}
	return text[:end+2], text[end+2:], true
}

// eachMember visits the members of an object, which must be valid JSON.
func eachMember(object json.RawMessage, visit func(name []byte, member json.RawMessage)) {
	at := skipSpace(object, 0) + 1 // the brace
	for {
		at = skipSpace(object, at)
		if at >= len(object) || object[at] != '"' {
			return // the end
		}
		end := skipString(object, at)
		name, _ := unquote(object[at:end])
		at = skipSpace(object, skipSpace(object, end)+1) // the colon
		end = skipMember(object, at)
		visit(name, object[at:end])
		at = skipSpace(object, end) + 1 // the comma or the brace
	}
}

func skipSpace(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
		at++
	}
	return at
}

// skipString returns the place after the string that begins at the place.
func skipString(text []byte, at int) int {
	for at++; at < len(text) && text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return min(at+1, len(text))
}

// skipMember returns the place after the JSON value that begins at the place.
func skipMember(text []byte, at int) int {
	depth := 0
	for at < len(text) {
		switch text[at] {
		case '"':
			if at = skipString(text, at); depth == 0 {
				return at
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at // of the object around
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return at
			}
		}
		at++
	}
	return at
}

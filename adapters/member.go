package adapters

import (
	"bytes"
	"encoding/json"
)

// member returns the member of that name of a JSON object, as it stands there.
// Of several with one name the last counts, as everywhere in JSON. What a
// store hands out is valid JSON; anything else is reported as missing, or left
// for the decoder to refuse.
func member(object []byte, name string) (found []byte, ok bool) {
	at := skipSpace(object, 0) + 1 // the brace
	for {
		at = skipSpace(object, at)
		if at >= len(object) || object[at] != '"' {
			return found, ok // the end
		}
		end := skipString(object, at)
		matches := isName(object[at:end], name)
		at = skipSpace(object, skipSpace(object, end)+1) // the colon
		end = skipValue(object, at)
		if matches && at < end {
			found, ok = object[at:end], true
		}
		at = skipSpace(object, end) + 1 // the comma or the brace
	}
}

// isName reports whether the JSON string is that name.
func isName(quoted []byte, name string) bool {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return len(quoted) == len(name)+2 && string(quoted[1:len(quoted)-1]) == name
	}
	var text string
	return json.Unmarshal(quoted, &text) == nil && text == name
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

// skipValue returns the place after the value that begins at the place.
func skipValue(text []byte, at int) int {
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
	return min(at, len(text))
}

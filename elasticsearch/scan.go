package elasticsearch

import (
	"encoding/json"
	"slices"
)

// maxNumber is the longest number that Elasticsearch takes, in bytes. The
// limit of its parser is 1,000 digits.
const maxNumber = 1000

// refusedAsObject reports whether Elasticsearch would refuse the value as a
// part of a document: if an object in it has two members of one name, or if a
// number is too long. The value is valid JSON.
func refusedAsObject(value json.RawMessage) bool {
	s := scanner{data: value}
	return s.value() != nil
}

// scanner looks through valid JSON. It never reads beyond the end.
type scanner struct {
	data []byte
	i    int
}

// refusal is why a scan ended early.
type refusal struct{}

var refused = new(refusal)

// fewNames is how many names of an object are compared with each other rather
// than hashed.
const fewNames = 16

// value goes behind the next value. Its depth is limited: core.CheckValue has
// seen to that.
func (s *scanner) value() *refusal {
	switch s.space() {
	case '{':
		return s.object()
	case '[':
		s.i++
		for s.space() != ']' && s.i < len(s.data) {
			if r := s.value(); r != nil {
				return r
			}
			s.comma()
		}
		s.i++
	case '"':
		s.text()
	default:
		start := s.i
		for s.i < len(s.data) && !delimits(s.data[s.i]) {
			s.i++
		}
		if s.i == start { // not JSON
			s.i = len(s.data)
		}
		if s.i-start >= maxNumber {
			return refused
		}
	}
	return nil
}

func (s *scanner) object() *refusal {
	s.i++
	var few [fewNames]string
	names := few[:0]
	var many map[string]bool
	for s.space() != '}' && s.i < len(s.data) {
		name := s.text()
		switch {
		case many == nil && len(names) < fewNames:
			if slices.Contains(names, name) {
				return refused
			}
			names = append(names, name)
		case many == nil:
			many = make(map[string]bool, 2*fewNames)
			for _, known := range names {
				many[known] = true
			}
			fallthrough
		default:
			if many[name] {
				return refused
			}
			many[name] = true
		}
		if s.space() == ':' {
			s.i++
		}
		if r := s.value(); r != nil {
			return r
		}
		s.comma()
	}
	s.i++
	return nil
}

// text goes behind a string and returns it, as Java would see it: escapes are
// resolved.
func (s *scanner) text() string {
	start, escaped := s.i, false
	for s.i++; s.i < len(s.data) && s.data[s.i] != '"'; s.i++ {
		if s.data[s.i] == '\\' {
			escaped = true
			s.i++
		}
	}
	s.i = min(s.i+1, len(s.data))
	body := s.data[min(start, s.i):s.i]
	if escaped {
		// Two lone surrogates become the same text here, which are two names to
		// Java: then the value is kept as text, which is no loss.
		var text string
		if json.Unmarshal(body, &text) == nil {
			return `"` + text + `"`
		}
	}
	return string(body)
}

// space goes behind white space and returns what follows, or zero.
func (s *scanner) space() byte {
	for ; s.i < len(s.data); s.i++ {
		switch c := s.data[s.i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) comma() {
	if s.space() == ',' {
		s.i++
	}
}

func delimits(c byte) bool {
	switch c {
	case ',', ']', '}', ' ', '\t', '\n', '\r', '"', ':', '{', '[':
		return true
	}
	return false
}

// elements returns the elements of an array, which are parts of it. Whatever
// uses one must see whether it is valid: of an array that is not, some may be
// nonsense.
func elements(array []byte) []json.RawMessage {
	s := scanner{data: array}
	if s.space() != '[' {
		return nil
	}
	var found []json.RawMessage
	for s.i++; s.space() != ']' && s.i < len(s.data); s.comma() {
		start := s.i
		s.skip()
		if s.i == start {
			return nil
		}
		found = append(found, json.RawMessage(s.data[start:s.i:s.i]))
	}
	return found
}

// skip goes behind the next value without looking into it.
func (s *scanner) skip() {
	depth := 0
	for s.i < len(s.data) {
		switch c := s.data[s.i]; c {
		case '"':
			s.quoted()
		case '{', '[':
			depth++
			s.i++
		case '}', ']':
			if depth == 0 {
				return
			}
			depth--
			s.i++
		case ',':
			if depth == 0 {
				return
			}
			s.i++
		default:
			s.i++
			continue
		}
		if depth == 0 {
			return
		}
	}
}

// quoted goes behind a string.
func (s *scanner) quoted() {
	for s.i++; s.i < len(s.data) && s.data[s.i] != '"'; s.i++ {
		if s.data[s.i] == '\\' {
			s.i++
		}
	}
	s.i = min(s.i+1, len(s.data))
}

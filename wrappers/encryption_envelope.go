package wrappers

import (
	"encoding/base64"
	"encoding/json"

	"github.com/go-keyvalue/keyvalue/core"
)

// The members of an envelope: the object that is stored instead of a value.
const (
	memberData      = "__encrypted_data__"
	memberAlgorithm = "__encryption_algorithm__"
	memberKeyID     = "__encryption_key_id__"
	memberVersion   = "__encryption_version__"
)

// envelope holds the members of an envelope as JSON text, or nil.
type envelope struct {
	data, algorithm, keyID, version json.RawMessage
	others                          bool // whether there are more
}

// member returns where the member of that name goes, or nil.
func (e *envelope) member(name []byte) *json.RawMessage {
	switch string(name) {
	case memberData:
		return &e.data
	case memberAlgorithm:
		return &e.algorithm
	case memberKeyID:
		return &e.keyID
	case memberVersion:
		return &e.version
	}
	return nil
}

// parseEnvelope finds the members of the object. Of several with one name the
// last counts, as everywhere in JSON. The result refers to stored.
func parseEnvelope(stored json.RawMessage) (envelope, error) {
	if e, ok := scanEnvelope(stored); ok {
		return e, nil
	}
	// The names must be exact: a struct would take them in any case.
	var members map[string]json.RawMessage
	if err := json.Unmarshal(stored, &members); err != nil || members == nil {
		return envelope{}, corrupt("not a JSON object")
	}
	var e envelope
	for name, value := range members {
		if member := e.member([]byte(name)); member != nil {
			*member = value
		} else {
			e.others = true
		}
	}
	return e, nil
}

// scanEnvelope is parseEnvelope for what the wrappers write, in any order and
// with any white space, and gives up on all else. It does not look into the
// strings.
func scanEnvelope(stored []byte) (e envelope, ok bool) {
	rest, ok := after(stored, '{')
	for ok {
		var name, value []byte
		if name, rest, ok = cutString(rest); !ok {
			break
		}
		if rest, ok = after(rest, ':'); !ok {
			break
		}
		if value, rest, ok = cutScalar(rest); !ok {
			break
		}
		member := e.member(name[1 : len(name)-1])
		if member == nil || *member != nil {
			break
		}
		*member = value
		if end, closed := after(rest, '}'); closed {
			return e, len(end) == 0
		}
		rest, ok = after(rest, ',')
	}
	return envelope{}, false
}

// after returns the text after the character and the white space around it.
func after(text []byte, c byte) ([]byte, bool) {
	text = trimSpace(text)
	if len(text) == 0 || text[0] != c {
		return nil, false
	}
	return trimSpace(text[1:]), true
}

func trimSpace(text []byte) []byte {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\n' || text[0] == '\t' || text[0] == '\r') {
		text = text[1:]
	}
	return text
}

// cutScalar cuts a string without escapes or a digit off.
func cutScalar(text []byte) (literal, rest []byte, ok bool) {
	if len(text) > 0 && '0' <= text[0] && text[0] <= '9' {
		return text[:1], text[1:], true
	}
	return cutString(text)
}

// Only one text stands for the same bytes.
var (
	stdBase64 = base64.StdEncoding.Strict()
	urlBase64 = base64.URLEncoding.Strict()
)

// appendBase64 appends to dst what the text stands for, and reports whether
// that is how the encoding writes it: package base64 ignores line breaks.
func appendBase64(dst []byte, encoding *base64.Encoding, text []byte) ([]byte, bool) {
	decoded, err := encoding.AppendDecode(dst, text)
	return decoded, err == nil && encoding.EncodedLen(len(decoded)-len(dst)) == len(text)
}

// checkDecrypted returns an error unless the value is legal: whoever has the key
// can encrypt anything.
func checkDecrypted(value []byte) error {
	if core.CheckValue(value) != nil {
		return corrupt("the decrypted text is not one JSON object")
	}
	return nil
}

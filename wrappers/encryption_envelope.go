package wrappers

import (
	"encoding/base64"
	"encoding/json"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
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
func parseEnvelope(stored json.RawMessage) (e envelope, err error) {
	err = managed.Members(stored, func(name []byte, value json.RawMessage) {
		if member := e.member(name); member != nil {
			*member = value
		} else {
			e.others = true
		}
	})
	return e, err
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

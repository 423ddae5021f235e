package managed

import (
	"encoding/json"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// Envelope is a decoded managed entry. Its parts alias the bytes it was
// decoded from.
type Envelope struct {
	core.Entry

	// The bodies of the strings, with their escapes; nil where absent.
	collection, key, insertID []byte
}

// Decode splits data, a managed entry, into its parts.
//
// The Value of the result is never nil. Unless it was a string, it is a part
// of data. The times are UTC, in microseconds, and zero where absent.
// The error matches [core.ErrCorrupt]; it says what is wrong and at which
// byte, and repeats nothing of data.
func Decode(data []byte) (Envelope, error) {
	var m members
	if err := m.split(data); err != nil {
		return Envelope{}, err
	}
	var e Envelope
	var err error
	if e.CreatedAt, err = m.createdAt.date(data); err != nil {
		return Envelope{}, err
	}
	if e.ExpiresAt, err = m.expiresAt.date(data); err != nil {
		return Envelope{}, err
	}
	if e.Value, err = m.value.object(data); err != nil {
		return Envelope{}, err
	}
	e.collection = m.collection.body(data)
	e.key = m.key.body(data)
	e.insertID = m.insertID.body(data)
	return e, nil
}

// part is data[start:end], one scanned JSON value. Its end is zero where there
// is none.
type part struct{ start, end int }

// members are the members of an envelope that count. What they hold is looked
// at only when all are known, since the last of several is the one.
type members struct {
	collection, createdAt, expiresAt, insertID, key, value part
}

// split scans data and notes where the members are.
func (m *members) split(data []byte) error {
	end, err := walk(data, func(name []byte, value part) {
		if member := m.named(name); member != nil {
			*member = value
		}
	})
	if err == nil && m.value.end == 0 {
		err = corrupt("no member named value in the object that ends", end)
	}
	return err
}

// longestName is the longest of the names below. An escape of one of their
// bytes takes six bytes.
const longestName = len("collection")

// named returns the member with a name, given as the body of a string, or nil
// where it does not count.
func (m *members) named(name []byte) *part {
	switch string(name) {
	case "collection":
		return &m.collection
	case "created_at":
		return &m.createdAt
	case "expires_at":
		return &m.expiresAt
	case "insert_id":
		return &m.insertID
	case "key":
		return &m.key
	case "value":
		return &m.value
	}
	if len(name) <= 6*longestName && jsonscan.Escaped(name) {
		var buffer [6 * longestName]byte
		if text := jsonscan.AppendUnquoted(buffer[:0], name); !jsonscan.Escaped(text) {
			return m.named(text)
		}
	}
	return nil
}

// body returns the body of a string, or nil where p is absent or no string.
func (p part) body(data []byte) []byte {
	if p.end == 0 || data[p.start] != '"' {
		return nil
	}
	return data[p.start+1 : p.end-1 : p.end-1]
}

// date returns the time that p holds, or the zero Time where p is absent,
// null or an empty string.
func (p part) date(data []byte) (time.Time, error) {
	if p.end == 0 || data[p.start] == 'n' {
		return time.Time{}, nil
	}
	text := p.body(data)
	if text == nil {
		return time.Time{}, corrupt("a time is not a string", p.start)
	}
	if len(text) == 0 {
		return time.Time{}, nil
	}
	var buffer [64]byte
	if jsonscan.Escaped(text) {
		text = jsonscan.AppendUnquoted(buffer[:0], text)
	}
	t, ok := parseDate(text)
	if !ok {
		return time.Time{}, corrupt("a time is not in ISO 8601 format", p.start)
	}
	return t, nil
}

// object returns the object that p holds, itself or as the text of a string.
// Appending to the result does not change data.
func (p part) object(data []byte) (json.RawMessage, error) {
	switch data[p.start] {
	case '{':
		return json.RawMessage(data[p.start:p.end:p.end]), nil
	case '"':
		body := p.body(data)
		text := jsonscan.AppendUnquoted(make([]byte, 0, len(body)), body)
		if err := jsonscan.Object(text, jsonscan.MaxDepth); err != nil {
			return nil, corrupt("the text of the value is not a JSON object; the value begins", p.start)
		}
		return json.RawMessage(text), nil
	}
	return nil, corrupt("the value is not a JSON object", p.start)
}

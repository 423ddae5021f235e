package elasticsearch

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// A document is a managed entry whose value is `{"flattened": {…}}`, after the
// type of that field in the indices of the reference. A value that
// Elasticsearch does not take as an object is `{"text": "{…}"}`.
const (
	flattened = `{"flattened":`
	text      = `{"text":`
)

// encode returns the document of a record, in one line.
func encode(record *driver.Record) []byte {
	r := *record
	if refusedAsObject(r.Value) {
		quoted, _ := json.Marshal(string(r.Value)) // a string is never refused
		r.Value = wrap(text, quoted)
	} else {
		r.Value = wrap(flattened, r.Value)
	}
	document := managed.Append(nil, &r)
	// A new line is white space here: in strings it is escaped.
	for rest := document; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return document
		}
		rest[i] = ' '
		rest = rest[i+1:]
	}
}

func wrap(begin string, value []byte) []byte {
	wrapped := make([]byte, 0, len(begin)+len(value)+1)
	return append(append(append(wrapped, begin...), value...), '}')
}

// decode takes a document apart. Its parts alias the source.
func decode(source []byte) (managed.Envelope, error) {
	envelope, err := managed.Decode(source)
	if err != nil {
		return managed.Envelope{}, err
	}
	var object, quoted []byte
	err = managed.Members(envelope.Value, func(name []byte, value json.RawMessage) {
		switch string(name) {
		case "flattened":
			object = value
		case "text":
			quoted = value
		}
	})
	switch {
	case err != nil:
		return managed.Envelope{}, err
	case len(object) > 0 && object[0] == '{':
		envelope.Value = object
		return envelope, nil
	case len(quoted) > 0 && quoted[0] == '"':
		var value string
		if err := json.Unmarshal(quoted, &value); err != nil || core.CheckValue(json.RawMessage(value)) != nil {
			return managed.Envelope{}, corrupt("the text of the value is not a JSON object")
		}
		envelope.Value = json.RawMessage(value)
		return envelope, nil
	}
	return managed.Envelope{}, corrupt("the value holds no object")
}

// decodeAs returns the entry in a document that has these names.
func decodeAs(source []byte, collection, key string) (core.Entry, error) {
	envelope, err := decode(source)
	if err != nil {
		return core.Entry{}, err
	}
	if !envelope.Belongs(collection, key) {
		return core.Entry{}, core.ErrNotFound
	}
	return envelope.Entry, nil
}

// headers are the members of a document that tell what it is, without the
// value.
var headers = []string{"collection", "expires_at", "key"}

// decodeHeader takes a document apart of which only the headers were asked
// for.
func decodeHeader(source []byte) (managed.Envelope, error) {
	const value = `{"value":{}`
	rest := bytes.TrimSpace(source)
	if len(rest) < 2 || rest[0] != '{' {
		return managed.Envelope{}, corrupt("the document is not an object")
	}
	whole := append(make([]byte, 0, len(value)+len(rest)), value...)
	if rest = bytes.TrimSpace(rest[1:]); rest[0] != '}' {
		whole = append(whole, ',')
	}
	return managed.Decode(append(whole, rest...))
}

func corrupt(reason string) error { return fmt.Errorf("%w: %s", core.ErrCorrupt, reason) }

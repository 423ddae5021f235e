package managed

import (
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// Collection returns the name of the collection the entry was written to and
// whether it is known.
//
// Text that holds a lone surrogate, which Python can write and which is legal
// nowhere, is not valid UTF-8 and so equals no legal name.
func (e *Envelope) Collection() (name string, ok bool) { return text(e.collection) }

// Key returns the key the entry was written under and whether it is known.
// It is not valid UTF-8 where the text is none, as with Collection.
func (e *Envelope) Key() (key string, ok bool) { return text(e.key) }

// InsertID returns the text by which a writer recognises its own entry, or the
// empty string.
func (e *Envelope) InsertID() string {
	id, _ := text(e.insertID)
	return id
}

// Belongs reports whether the entry is the one under collection and key: each
// name that the envelope holds is equal to the one given. An empty collection
// is not the default one here. Belongs does not allocate.
func (e *Envelope) Belongs(collection, key string) bool {
	return (e.collection == nil || jsonscan.Equal(e.collection, collection)) &&
		(e.key == nil || jsonscan.Equal(e.key, key))
}

// DecodeAs returns the entry in data that was written under collection and
// key. It is [Decode], except that an envelope which names another collection
// or another key is a bare [core.ErrNotFound].
func DecodeAs(data []byte, collection, key string) (core.Entry, error) {
	e, err := Decode(data)
	if err != nil {
		return core.Entry{}, err
	}
	if !e.Belongs(collection, key) {
		return core.Entry{}, core.ErrNotFound
	}
	return e.Entry, nil
}

// text returns the text of the body of a string, and false for a nil body.
func text(body []byte) (string, bool) {
	if body == nil {
		return "", false
	}
	if !jsonscan.Escaped(body) {
		return string(body), true
	}
	return string(jsonscan.AppendUnquoted(nil, body)), true
}

package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/quote"
)

// Texts in messages are cut: a failure must not fill the screen.
const (
	longestNameShown  = 72
	longestValueShown = 160
)

// quoted is a name for a message.
func quoted(name string) string { return quote.Name(name, longestNameShown) }

// shown is a value for a message. Bytes that are not valid UTF-8 are escaped.
func shown(value json.RawMessage) string {
	switch text := string(value); {
	case value == nil:
		return "no value"
	case !utf8.ValidString(text):
		return quoted(text)
	case len(text) <= longestValueShown:
		return text
	default:
		return quote.Cut(text, longestValueShown) + quote.Length(text)
	}
}

// call is how a call on the scenario's collection is written in a message.
func (s *scenario) call(method string, keys ...string) string {
	names := []string{s.named(s.collection)}
	for i, key := range keys {
		if i == 4 {
			names = append(names, fmt.Sprintf("… %d keys in all", len(keys)))
			break
		}
		names = append(names, quoted(key))
	}
	return method + "(" + strings.Join(names, ", ") + ")"
}

// named is a collection for a message: collection for that of the case,
// collection2 for the next one it made, and others by their name.
func (r *caseRun) named(collection string) string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if name := r.names[collection]; name != "" {
		return name
	}
	return quoted(collection)
}

// described is an answer of Get for a message.
func described(entry core.Entry, err error) string {
	if err != nil {
		if entry.Found() || !entry.CreatedAt.IsZero() || !entry.ExpiresAt.IsZero() {
			return fmt.Sprintf("an entry that is not zero, and error %v", err)
		}
		return fmt.Sprintf("error %v", err)
	}
	return shown(entry.Value)
}

// moment is a time for a message, to the microsecond and in UTC.
func moment(t time.Time) string {
	if t.IsZero() {
		return "the zero Time"
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

package wrappers

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// How much of a call goes into a record: names and values may be large.
const (
	maxLogged       = 5    // keys of a bulk call
	maxLoggedName   = 128  // bytes
	maxLoggedValue  = 1024 // bytes
	maxLoggedErrors = 2048 // bytes of an error, which may join thousands
)

// record collects the attributes of one log record.
type record struct {
	attrs  []slog.Attr
	values bool
}

func newRecord(values bool) *record {
	return &record{attrs: make([]slog.Attr, 0, 9), values: values}
}

// addCall adds what was asked for.
func (r *record) addCall(c call) {
	r.attrs = append(r.attrs, slog.String("op", c.op.String()))
	if c.op.ofCollection() {
		r.attrs = append(r.attrs, slog.String("collection", cut(core.CollectionName(c.collection), maxLoggedName)))
	}
	switch c.op {
	case opGet, opDelete:
		r.addKey(c.key)
	case opGetMany, opDeleteMany:
		r.addNames("keys", len(c.keys), func(i int) string { return c.keys[i] })
	case opSetup:
		r.addNames("collections", len(c.keys), func(i int) string { return core.CollectionName(c.keys[i]) })
	case opPut, opInsert:
		r.addKey(c.key)
		r.addValue(c.value)
		r.addTTL(core.Item{TTL: c.ttl})
	case opPutMany:
		r.addNames("keys", len(c.items), func(i int) string { return c.items[i].Key })
		r.addValues(len(c.items), func(i int) json.RawMessage { return c.items[i].Value })
		r.addTTL(c.items...)
	}
}

// addAnswer adds what came of it. Of a call that failed as a whole nothing is
// known.
func (r *record) addAnswer(c call, a answer) {
	switch c.op {
	case opGet:
		if a.err == nil || errors.Is(a.err, core.ErrNotFound) {
			r.attrs = append(r.attrs, slog.Bool("hit", a.err == nil))
		}
		if a.err == nil {
			r.addValue(a.value)
		}
	case opGetMany:
		if a.entries != nil || a.err == nil {
			hits, misses := hitsAndMisses(c.keys, a)
			r.attrs = append(r.attrs, slog.Int("hits", hits), slog.Int("misses", misses))
			r.addValues(len(a.entries), func(i int) json.RawMessage { return a.entries[i].Value })
		}
	case opDeleteMany:
		r.attrs = append(r.attrs, slog.Int("deleted", a.count))
	case opKeys, opCollections:
		r.attrs = append(r.attrs, slog.Int("names", a.count))
	case opCull:
		r.attrs = append(r.attrs, slog.Int("culled", a.count))
	case opInsert, opDelete, opDestroyCollection:
		if a.err == nil {
			r.attrs = append(r.attrs, slog.Bool(yesNames[c.op], a.yes))
		}
	}
}

var yesNames = map[operation]string{
	opInsert: "inserted", opDelete: "deleted", opDestroyCollection: "destroyed",
}

func (r *record) addKey(key string) {
	r.attrs = append(r.attrs, slog.String("key", cut(key, maxLoggedName)))
}

// addNames adds the first of the names, and how many there are.
func (r *record) addNames(attr string, count int, name func(int) string) {
	names := make([]string, min(count, maxLogged))
	for i := range names {
		names[i] = cut(name(i), maxLoggedName)
	}
	r.attrs = append(r.attrs, slog.Any(attr, names), slog.Int("count", count))
}

// addTTL adds the time to live that all items have.
func (r *record) addTTL(items ...core.Item) {
	for _, item := range items {
		if item.TTL == core.NoTTL || item.TTL != items[0].TTL {
			return
		}
	}
	if len(items) > 0 {
		r.attrs = append(r.attrs, slog.Duration("ttl", items[0].TTL))
	}
}

func (r *record) addValue(value json.RawMessage) {
	if r.values {
		r.attrs = append(r.attrs, slog.String("value", cut(value, maxLoggedValue)))
	}
}

// addValues adds the first of the values; "" is a miss.
func (r *record) addValues(count int, value func(int) json.RawMessage) {
	if !r.values {
		return
	}
	values := make([]string, min(count, maxLogged))
	for i := range values {
		values[i] = cut(value(i), maxLoggedValue)
	}
	r.attrs = append(r.attrs, slog.Any("values", values))
}

// cut returns the text, or the beginning of a longer one and its length. It
// does not end inside a character.
func cut[T string | json.RawMessage](text T, limit int) string {
	if len(text) <= limit {
		return string(text)
	}
	end := limit
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return string(text[:end]) + "… (" + strconv.Itoa(len(text)) + " bytes)"
}

// cutError is an error whose text is cut. Handlers reach the error by
// errors.Is and errors.As.
type cutError struct{ err error }

func (e cutError) Error() string { return cut(e.err.Error(), maxLoggedErrors) }
func (e cutError) Unwrap() error { return e.err }

package managed

import (
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// Record is an entry together with its names: what [Append] writes.
type Record struct {
	// Collection and Key are the names the caller used, not what a backend
	// makes of them. An empty one is left out.
	Collection, Key string

	// InsertID is a random text by which a writer recognises its own entry
	// after a lost reply. Readers ignore it. Empty: left out.
	InsertID string

	// Entry is the value, which must be one JSON object as
	// [core.CheckValue] accepts it, and the times. A zero time is left out.
	core.Entry
}

// Append appends r in the managed entry format to dst and returns the extended
// slice. The value is copied as it is and not checked; a nil one is written as
// null, which no reader accepts. Bytes of a name that are not valid UTF-8 are
// written as the replacement character.
//
// Append allocates at most once: what it adds is measured before.
func Append(dst []byte, r *Record) []byte {
	if dst == nil {
		dst = make([]byte, 0, size(r))
	}
	dst = slices.Grow(dst, size(r))
	separator := byte('{')
	text := func(prefix, text string) {
		if text != "" {
			dst = append(dst, separator)
			dst = append(dst, prefix...)
			dst = appendQuoted(dst, text)
			separator = ','
		}
	}
	text(`"collection":`, r.Collection)
	if !r.CreatedAt.IsZero() {
		dst = append(dst, separator)
		dst = append(dst, `"created_at":"`...)
		dst = append(appendDate(dst, floor(r.CreatedAt), true), '"')
		separator = ','
	}
	if !r.ExpiresAt.IsZero() {
		dst = append(dst, separator)
		dst = append(dst, `"expires_at":"`...)
		dst = append(appendDate(dst, ceiling(r.ExpiresAt), true), '"')
		separator = ','
	}
	text(`"insert_id":`, r.InsertID)
	text(`"key":`, r.Key)
	dst = append(dst, separator)
	dst = append(dst, `"value":`...)
	if r.Value == nil {
		dst = append(dst, "null"...)
	} else {
		dst = append(dst, r.Value...)
	}
	return append(dst, `,"version":1}`...)
}

// size returns how many bytes Append needs for r, or a few more.
func size(r *Record) int {
	n := len(`{"value":null,"version":1}`) + len(r.Value)
	if r.Collection != "" {
		n += len(`"collection":,`) + quotedSize(r.Collection)
	}
	if !r.CreatedAt.IsZero() {
		n += len(`"created_at":"",`) + dateSize
	}
	if !r.ExpiresAt.IsZero() {
		n += len(`"expires_at":"",`) + dateSize
	}
	if r.InsertID != "" {
		n += len(`"insert_id":,`) + quotedSize(r.InsertID)
	}
	if r.Key != "" {
		n += len(`"key":,`) + quotedSize(r.Key)
	}
	return n
}

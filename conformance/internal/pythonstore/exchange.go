package pythonstore

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// SameJSON compares two JSON texts: numbers as they are spelt.
func SameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	parse := func(text string) (value any) {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&value); err != nil {
			t.Fatalf("%v in %.200s", err, text)
		}
		return value
	}
	return reflect.DeepEqual(parse(a), parse(b))
}

// Shown returns the text of a value, and says so where there is none.
func Shown(s *string) string {
	if s == nil {
		return "nothing"
	}
	return *s
}

// Exchange writes, reads and deletes a value in both directions, for so many
// hours, or for ever if they are zero.
func Exchange(t *testing.T, here core.Store, other *Process, collection, key, value string, hours float64) {
	t.Helper()
	ctx, ttl := t.Context(), time.Duration(hours*float64(time.Hour))
	near := func(remaining time.Duration) bool { return remaining <= ttl && remaining > ttl-time.Minute }

	// Python writes, Go reads.
	put := Request{Op: "put", Collection: collection, Keys: []string{key}, Values: []string{value}}
	if seconds := ttl.Seconds(); hours > 0 {
		put.TTL = &seconds
	}
	other.Must(put)
	entry, err := here.Get(ctx, collection, key)
	remaining, expires := entry.TTL()
	switch {
	case err != nil:
		t.Errorf("Go reads %.80s: %v", value, err)
		return
	case !SameJSON(t, string(entry.Value), value):
		t.Errorf("Python wrote %.200s, Go reads %.200s", value, entry.Value)
	case expires != (hours > 0) || expires && !near(remaining):
		t.Errorf("Python wrote it for %v, Go reads %v, %t", ttl, remaining, expires)
	case time.Since(entry.CreatedAt).Abs() > time.Minute:
		t.Errorf("Python wrote it now, Go reads %v", entry.CreatedAt)
	}
	if deleted, err := here.Delete(ctx, collection, key); !deleted || err != nil {
		t.Errorf("Go deletes what Python wrote: %t, %v", deleted, err)
	}
	get := Request{Op: "get", Collection: collection, Keys: []string{key}}
	if found := other.Must(get); found.Values[0] != nil {
		t.Errorf("Go deleted it, Python reads %.200s", *found.Values[0])
	}

	// Go writes, Python reads.
	if err := here.Put(ctx, collection, key, json.RawMessage(value), ttl); err != nil {
		t.Fatal(err)
	}
	found := other.Must(get)
	left := found.TTLs[0]
	switch {
	case found.Values[0] == nil || !SameJSON(t, *found.Values[0], value):
		t.Errorf("Go wrote %.200s, Python reads %.200s", value, Shown(found.Values[0]))
	case (left != nil) != (hours > 0) || left != nil && !near(time.Duration(*left*float64(time.Second))):
		t.Errorf("Go wrote it for %v, Python reads %v", ttl, left)
	}
	if answer := other.Must(Request{Op: "delete", Collection: collection, Keys: []string{key}}); answer.Deleted != 1 {
		t.Errorf("Python deletes what Go wrote: %d", answer.Deleted)
	}
	if _, err := here.Get(ctx, collection, key); err != core.ErrNotFound {
		t.Errorf("Python deleted it, Go reads: %v", err)
	}
}

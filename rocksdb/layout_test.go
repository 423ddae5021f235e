package rocksdb

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// A value is what README.md shows.
func TestLayout(t *testing.T) {
	record := driver.Record{Collection: "users", Key: "ada", Entry: core.Entry{
		Value:     json.RawMessage(`{"name":"Ada"}`),
		CreatedAt: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
	}}
	const envelope = `{"collection":"users","created_at":"2025-01-01T00:00:00.000000+00:00",`
	const rest = `"key":"ada","value":{"name":"Ada"},"version":1}`
	for _, test := range []struct {
		expires time.Time
		want    string
	}{
		{time.Time{}, "\x00\x00\x00\x00\x00\x00\x00\x00" + envelope + rest},
		{record.CreatedAt.Add(time.Minute), "\x00\x06\x2a\x99\xbd\x9f\xe7\x00" + envelope + `"expires_at":"2025-01-01T00:01:00.000000+00:00",` + rest},
	} {
		record.ExpiresAt = test.expires
		got := appendValue(nil, &record)
		if string(got) != test.want {
			t.Errorf("the value of what expires at %v is\n%q; want\n%q", test.expires, got, test.want)
		}
		entry, err := decode(got, "users", "ada")
		if err != nil || string(entry.Value) != string(record.Value) || !entry.ExpiresAt.Equal(test.expires) {
			t.Errorf("decode = %+v, %v", entry, err)
		}
		if _, err := decode(got, "users", "bob"); err != core.ErrNotFound {
			t.Errorf("decode as another key = %v; want ErrNotFound", err)
		}
		got[7]++
		if _, err := decode(got, "users", "ada"); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("decode with another time before it = %v; want ErrCorrupt", err)
		}
	}
}

func TestExpiry(t *testing.T) {
	for _, test := range []struct {
		time time.Time
		want uint64
	}{
		{time.Time{}, 0},
		{time.UnixMicro(0), 1}, // not never
		{time.UnixMicro(-5), 1},
		{time.UnixMicro(1_700_000_000_000_001), 1_700_000_000_000_001},
	} {
		got := expiryOf(test.time)
		if got != test.want {
			t.Errorf("expiryOf(%v) = %d; want %d", test.time, got, test.want)
		}
		if back := timeOf(got); test.time.UnixMicro() > 0 && !back.Equal(test.time) || back.IsZero() != test.time.IsZero() {
			t.Errorf("timeOf(expiryOf(%v)) = %v", test.time, back)
		}
	}
	if !timeOf(math.MaxUint64).After(time.Now()) {
		t.Error("the largest number is a time that has passed")
	}
}

// FuzzDecode reads what anybody may have written.
func FuzzDecode(f *testing.F) {
	now := time.Now().UTC().Truncate(time.Microsecond)
	entry := core.Entry{Value: json.RawMessage(`{"a":1}`), CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	f.Add(appendValue(nil, &driver.Record{Collection: "c", Key: "k", Entry: entry}))
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x00" + `{"value":{}}`))
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entry, err := decode(data, "c", "k")
		if err != nil {
			if !errors.Is(err, core.ErrCorrupt) && err != core.ErrNotFound {
				t.Fatalf("decode = %v", err)
			}
			return
		}
		if core.CheckValue(entry.Value) != nil {
			return // nested deeper than Put takes it
		}
		again := appendValue(nil, &driver.Record{Collection: "c", Key: "k", Entry: entry})
		back, err := decode(again, "c", "k")
		if err != nil || string(back.Value) != string(entry.Value) || !back.ExpiresAt.Equal(entry.ExpiresAt) {
			t.Fatalf("what was read as %+v is read again as %+v, %v", entry, back, err)
		}
	})
}

// FuzzBounds: the keys of a collection are those between its bounds, and no
// others.
func FuzzBounds(f *testing.F) {
	for _, s := range []string{"c", "c:", "c::", "c;", "~kv1~c", "", "\x00", "\xff", "c::k", ":"} {
		f.Add("c", s, "k")
		f.Add(s, "c", s)
	}
	f.Fuzz(func(t *testing.T, a, b, key string) {
		if core.CheckCollection(a) != nil || core.CheckCollection(b) != nil || a == "" || b == "" || core.CheckKey(key) != nil {
			return // no store is asked for such names
		}
		lower, upper := bounds(a)
		name := []byte(names.Compound(b, key))
		inside := bytes.Compare(lower, name) <= 0 && bytes.Compare(name, upper) < 0
		if inside != (a == b) {
			t.Errorf("the key %q of %q is between the bounds %q and %q of %q: %t", key, b, lower, upper, a, inside)
		}
		if bytes.Compare(name, []byte(last)) >= 0 || string(name) == marker {
			t.Errorf("%q is no key of an entry", name)
		}
	})
}

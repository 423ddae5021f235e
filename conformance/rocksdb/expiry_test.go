package rocksdb_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// expiring is a value as it is stored, which expires at a time.
func expiring(at time.Time) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(at.UnixMicro())), `{"value":{}}`...)
}

// Compaction removes what expired more than an hour ago, and nothing else.
func TestCompactionFilter(t *testing.T) {
	need(t)
	ctx := t.Context()
	directory := t.TempDir()
	store := open(t, directory, nil)
	now := time.Now()
	values := map[string]struct {
		value []byte
		stays bool
	}{
		"c::long ago":            {expiring(now.Add(-time.Hour - time.Minute)), false},
		"c::1970":                {expiring(time.UnixMicro(1)), false},
		"c::just now":            {expiring(now.Add(-time.Minute)), true},
		"c::almost an hour ago":  {expiring(now.Add(-time.Hour + time.Minute)), true},
		"c::later":               {expiring(now.Add(time.Hour)), true},
		"c::never":               {[]byte("\x00\x00\x00\x00\x00\x00\x00\x00{}"), true},
		"c::no entry":            {[]byte("\x00\x00\x00\x00\x00\x00\x00\x01[]"), true},
		"c::not whole":           {[]byte("\x00\x00\x00\x00\x00\x00\x00\x01{"), true},
		"c::short":               {[]byte("\x00"), true},
		"c::empty":               {nil, true},
		"no key of an entry:":    {expiring(time.UnixMicro(1)), true},
		"no key of an entry : :": {expiring(time.UnixMicro(1)), true},
	}
	for key, v := range values {
		if err := store.DB().Put([]byte(key), v.value); err != nil {
			t.Fatal(err)
		}
	}
	// What was written over an expired entry stays, also where that is already
	// in a table and this is not.
	if err := store.DB().Put([]byte("c::again"), expiring(time.UnixMicro(1))); err != nil {
		t.Fatal(err)
	}
	if err := store.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(ctx, "c", "again", json.RawMessage(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if err := store.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	for key, v := range values {
		if _, found, err := store.DB().Get([]byte(key), nil); found != v.stays || err != nil {
			t.Errorf("%q is there: %t, %v; want %t", key, found, err, v.stays)
		}
	}
	if entry, err := store.Get(ctx, "c", "again"); err != nil || string(entry.Value) != `{"n":1}` {
		t.Errorf("Get of what was written again = %s, %v", entry.Value, err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, directory, &rocksdb.Options{NoCreate: true}) // the marker has stayed
}

// An old version below one that compaction removes does not come back.
func TestCompactionUncoversNothing(t *testing.T) {
	need(t)
	ctx := t.Context()
	store := open(t, t.TempDir(), nil)
	for i := range 300 {
		key := []byte(fmt.Sprint("c::", i))
		for _, at := range []time.Time{time.Now().Add(24 * time.Hour), time.UnixMicro(1)} {
			if err := store.DB().Put(key, expiring(at)); err != nil {
				t.Fatal(err)
			}
			if i%100 == 0 { // the versions are in tables of several levels
				if err := store.Flush(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		if i%150 == 0 {
			if err := store.Compact(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := store.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		if value, found, err := store.DB().Get([]byte(fmt.Sprint("c::", i)), nil); found || err != nil {
			t.Fatalf("key %d has %q, %v; want nothing", i, value, err)
		}
	}
}

// An entry whose two times of expiry differ is corrupt: it could vanish early.
func TestTimesOfExpiryDiffer(t *testing.T) {
	need(t)
	store := open(t, t.TempDir(), nil)
	if err := store.DB().Put([]byte("c::k"), expiring(time.Now().Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Get = %v; want ErrCorrupt", err)
	}
}

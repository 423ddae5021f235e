package redis

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// vectors are what Python has written and read.
type vectors struct {
	Cases []struct {
		Op string

		// An entry that was put.
		Collection *string
		Key        string
		Value      json.RawMessage
		TTL        *float64
		RedisKey   encoded `json:"redis_key"`
		RedisValue encoded `json:"redis_value"`

		// All that there is after an operation.
		All map[string]string

		// Bytes that were read.
		Raw     encoded
		Get     json.RawMessage
		Error   string
		Message string
	}
}

// encoded are bytes in one of two forms.
type encoded struct {
	UTF8 *string `json:"$bytes_utf8"`
	Hex  *string `json:"$bytes_hex"`
}

func (e encoded) text(t *testing.T) string {
	t.Helper()
	if e.UTF8 != nil {
		return *e.UTF8
	}
	data, err := hex.DecodeString(*e.Hex)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// different are the cases that end otherwise here, on purpose.
var different = map[string]string{
	// Python puts this under a name that is also that of the key x::k::y of c.
	"c::x::k::y": "~kv1~c%3a%3ax::k::y",
}

// malformed is what becomes of the bytes that Python does not read, or not as
// it should. All others are ErrCorrupt, and not a miss.
var malformed = map[string]string{
	`{"created_at": null, "value": {"a": 1}}`: `{"a": 1}`, // an error of type in Python
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/redis.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for _, c := range v.Cases {
		f, store := newFake(t, nil)
		seen[c.Op]++
		switch c.Op {
		case "":
			collection := ""
			if c.Collection != nil {
				collection = *c.Collection
			}
			name := c.RedisKey.text(t)
			here, differs := different[name]
			if !differs {
				here = name
			}
			if got := names.Compound(core.CollectionName(collection), c.Key); got != here {
				t.Errorf("%q in %q lies under %q, want %q", c.Key, collection, got, here)
			}
			f.data[here] = c.RedisValue.text(t)
			wantSame(t, store, collection, c.Key, c.Value, c.TTL)
		case "put_many no ttl, duplicate key m1 twice":
			f.data = c.All
			wantSame(t, store, "many", "m1", []byte(`{"a":3}`), nil)
			wantSame(t, store, "many", "m2", []byte(`{"a":2}`), nil)
		case "get malformed":
			wantMalformed(t, f, store, c.Raw.text(t), c.Get)
		}
	}
	// What the others are about, expiry in whole seconds, listing up to a limit,
	// and emptying the database, is different here, and tested elsewhere.
	known := []string{
		"", "put_many no ttl, duplicate key m1 twice", "get malformed",
		"put_many ttl=1.9", "get WRONGTYPE list key", "keys(test)", "keys(c::x)", "keys(c)", "keys('te*') (glob in collection name)",
		"keys('te?t')", "len(keys(test,limit))", "delete_many dup [k1,k1,zz]", "client with decode_responses=False: get existing",
		"destroy (FLUSHDB)",
	}
	for op := range seen {
		if !slices.Contains(known, op) {
			t.Errorf("nobody has looked at %q", op)
		}
	}
	if seen[""] < 7 || seen["get malformed"] < 8 {
		t.Errorf("there are only %d entries and %d malformed ones", seen[""], seen["get malformed"])
	}
}

// wantSame wants an entry as Python has written it, whether it has expired or
// not: it was written long ago.
func wantSame(t *testing.T, s *Store, collection, key string, value json.RawMessage, ttl *float64) {
	t.Helper()
	b := newBackend(s.Client(), nil)
	entry, err := b.Get(t.Context(), core.CollectionName(collection), key)
	if err != nil {
		t.Errorf("Get(%q, %q) = %v", collection, key, err)
		return
	}
	var got, want any
	if err := errors.Join(json.Unmarshal(entry.Value, &got), json.Unmarshal(value, &want)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Get(%q, %q) has %s, want %s", collection, key, entry.Value, value)
	}
	created := time.Date(2025, 1, 1, 0, 0, 0, 123456000, time.UTC)
	if !entry.CreatedAt.Equal(created) {
		t.Errorf("Get(%q, %q) was created at %v, want %v", collection, key, entry.CreatedAt, created)
	}
	expires := time.Time{}
	if ttl != nil {
		expires = created.Add(time.Duration(*ttl * float64(time.Second)))
	}
	if !entry.ExpiresAt.Equal(expires) {
		t.Errorf("Get(%q, %q) expires at %v, want %v", collection, key, entry.ExpiresAt, expires)
	}
}

// wantMalformed reads bytes that Python did not write.
func wantMalformed(t *testing.T, f *fake, s *Store, text string, python json.RawMessage) {
	t.Helper()
	f.data["test::bad"] = text
	entry, err := s.Get(t.Context(), "test", "bad")
	want, readable := malformed[text]
	if !readable && len(python) > 0 && string(python) != "null" {
		want, readable = string(python), true
	}
	switch {
	case !readable && !errors.Is(err, core.ErrCorrupt):
		t.Errorf("Get of %q = %s, %v; want ErrCorrupt", text, entry.Value, err)
	case readable && (err != nil || !sameJSON(t, string(entry.Value), want)):
		t.Errorf("Get of %q = %s, %v; want %s", text, entry.Value, err, want)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

package keyring

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
)

// different are the items that have another name here, on purpose.
var different = map[string]string{
	// Python puts this under a name that is also that of the key x::k::y of c.
	"c::x::k::y": "~kv1~%7ekv1%7ec%253a%253ax%3a%3ak%3a%3ay",
	// These are of a store with the sanitization strategies of version 1, which
	// this store has not.
	"S_my_coll-48279396::S_user_1-abc3a47b": "my coll::user:1",
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/keyring.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []struct {
			Op, Key, Username, Password string
			Collection                  *string
			Value                       json.RawMessage
			TTL                         *float64
		}
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, c := range vectors.Cases {
		ring := newFake()
		store, err := New(ring, &Options{Backend: keyring.SecretServiceBackend})
		if err != nil {
			t.Fatal(err)
		}
		if c.Op != "" { // an item that is not JSON: an error there too
			ring.data["test::bad"] = []byte("")
			if _, err := store.Get(t.Context(), "test", "bad"); !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("%s = %v; want ErrCorrupt", c.Op, err)
			}
			continue
		}
		compared++
		collection := ""
		if c.Collection != nil {
			collection = *c.Collection
		}
		want, differs := different[c.Username]
		if !differs {
			want = c.Username
		}
		name := store.ItemName(collection, c.Key)
		if name != want {
			t.Errorf("%q in %q is %q, want %q", c.Key, collection, name, want)
		}
		ring.data[name] = []byte(c.Password)
		entry, err := store.backend.Get(t.Context(), core.CollectionName(collection), c.Key) // also one that has expired
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		var got, wanted any
		if err := errors.Join(json.Unmarshal(entry.Value, &got), json.Unmarshal(c.Value, &wanted)); err != nil {
			t.Fatal(err)
		}
		expires := time.Time{}
		if c.TTL != nil {
			expires = entry.CreatedAt.Add(time.Duration(*c.TTL * float64(time.Second)))
		}
		if !reflect.DeepEqual(got, wanted) || !entry.ExpiresAt.Equal(expires) {
			t.Errorf("%q is %s until %v, want %s until %v", name, entry.Value, entry.ExpiresAt, c.Value, expires)
		}
	}
	if compared < 9 {
		t.Errorf("only %d items were compared", compared)
	}
}

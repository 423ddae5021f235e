package dynamodb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/dynamodb"
)

// sized is an object of so many bytes, filled with a text.
func sized(bytes int, filling string) json.RawMessage {
	const frame = len(`{"a":""}`)
	text := strings.Repeat(filling, (bytes-frame)/len(filling))
	return json.RawMessage(`{"a":"` + text + strings.Repeat("x", bytes-frame-len(text)) + `"}`)
}

// Whatever the size of value and names: what is refused is ErrTooLarge and was
// not sent, and what is sent the server takes.
func TestLargestItem(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	store := open(t, url, newTable(t, url), "")
	for _, c := range []struct {
		key string
		ttl time.Duration
	}{
		{"k", core.NoTTL},
		{"k", time.Hour},
		{strings.Repeat("k", 1024), time.Hour},
		{strings.Repeat("k", 1025), core.NoTTL},
		{strings.Repeat("\x01", 1024), time.Hour},
		{strings.Repeat("\x01", dynamodb.MaxName), time.Hour},
	} {
		take := func(size int) bool {
			err := store.Put(t.Context(), "c", c.key, sized(size, "x"), c.ttl)
			if err != nil && !errors.Is(err, core.ErrTooLarge) {
				t.Fatalf("%d bytes under a key of %d: %v", size, len(c.key), err)
			}
			if err != nil && strings.Contains(err.Error(), "operation error") {
				t.Fatalf("%d bytes under a key of %d were sent: %v", size, len(c.key), err)
			}
			return err == nil
		}
		largest := 256 << 10
		for step := 128 << 10; step > 0; step /= 2 {
			if take(largest + step) {
				largest += step
			}
		}
		if least := min(dynamodb.MaxValue, 400<<10-512-7*len(c.key)); largest < least {
			t.Errorf("%d bytes under a key of %d are too large; want at least %d", largest+1, len(c.key), least)
		}
		if take(largest+1) || !take(largest) {
			t.Errorf("%d bytes under a key of %d are the most that is taken, and then not", largest, len(c.key))
		}
	}
}

// A batch of the largest values is cut into requests that the server takes,
// although their text is twice as long on the way. It is read in small parts:
// a reply of 16 MB, beyond which DynamoDB leaves keys unprocessed, is more than
// DynamoDB Local can do in time with little memory.
func TestLargeBatch(t *testing.T) {
	t.Parallel()
	const entries = 25 // 20 MB on the way, where a request has 16 at most
	url := servers.DynamoDB.URL(t)
	store := open(t, url, newTable(t, url), "")
	value := sized(dynamodb.MaxValue, `\"`)
	var items []core.Item
	var keys []string
	for n := range entries {
		keys = append(keys, fmt.Sprint("key", n))
		items = append(items, core.Item{Key: keys[n], Value: value})
	}
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(keys, 5) {
		found, err := store.GetMany(t.Context(), "c", part)
		if err != nil {
			t.Fatal(err)
		}
		for n, entry := range found {
			if string(entry.Value) != string(value) {
				t.Errorf("%s has %d bytes, want %d", part[n], len(entry.Value), len(value))
			}
		}
	}
	if err := store.PutMany(t.Context(), "d", items[:5]); err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, err := range store.Keys(t.Context(), "d") { // two items to a page
		if err != nil {
			t.Fatal(err)
		}
		listed++
	}
	if listed != 5 {
		t.Errorf("%d keys are listed, want 5", listed)
	}
}

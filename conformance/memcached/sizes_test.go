package memcached_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memcached"
)

// sized is an object of so many bytes.
func sized(bytes int) json.RawMessage {
	return json.RawMessage(`{"a":"` + strings.Repeat("x", bytes-len(`{"a":""}`)) + `"}`)
}

// writes are all ways to write one value beside a good one.
func writes(t *testing.T, store *memcached.Store, key string, value json.RawMessage) map[string]error {
	ctx := t.Context()
	_, insert := store.Insert(ctx, "c", key+"-inserted", value, core.NoTTL)
	return map[string]error{
		"Put":    store.Put(ctx, "c", key, value, core.NoTTL),
		"Insert": insert,
		"PutMany": store.PutMany(ctx, "c", []core.Item{
			{Key: "before", Value: []byte(`{"n":1}`)}, {Key: key + "-many", Value: value}, {Key: "behind", Value: []byte(`{"n":2}`)},
		}),
	}
}

// Whatever the size of value and names: what is refused is ErrTooLarge and was
// not sent, and what is sent the server takes.
func TestLargestItem(t *testing.T) {
	server := servers.Memcached.Start(t)
	store := open(t, server.URL())
	for _, length := range []int{1, 249, 300, 32 << 10} {
		for _, letter := range []string{"k", "\x01"} {
			key := strings.Repeat(letter, length)
			take := func(size int) bool {
				err := store.Put(t.Context(), "c", key, sized(size), core.NoTTL)
				if err != nil && !errors.Is(err, core.ErrTooLarge) {
					t.Fatalf("%d bytes under a key of %d: %v", size, length, err)
				}
				return err == nil
			}
			largest := 512 << 10
			for step := 256 << 10; step > 0; step /= 2 {
				if take(largest + step) {
					largest += step
				}
			}
			if least := min(1<<20-1<<10, 1<<20-512-6*length); largest < least {
				t.Errorf("%d bytes under a key of %d are too large; want at least %d", largest+1, length, least)
			}
			// The server removes what it has before it refuses a larger one.
			if take(largest+1) || !take(largest) {
				t.Errorf("%d bytes under a key of %d are the most that is taken, and then not", largest, length)
			}
			take(largest + 1)
			if _, err := store.Get(t.Context(), "c", key); err != nil {
				t.Errorf("what was refused under a key of %d was sent: %v", length, err)
			}
		}
	}
}

// One record that is too large keeps a whole batch from being written, and is
// the one that the error names: rule 8.
func TestLargeRecordInBatch(t *testing.T) {
	server := servers.Memcached.Start(t)
	key := strings.Repeat("\x01", 30<<10) // which takes six times as much in the entry
	for name, maker := range makers {
		store := maker(t, server.URL())
		err := writes(t, store, key, sized(900<<10))["PutMany"]
		if failed := core.FailedKeys(err); !errors.Is(err, core.ErrTooLarge) || len(failed) != 1 || failed[0] != key+"-many" {
			t.Errorf("%s: PutMany = %.200v; want ErrTooLarge for the one key", name, err)
		}
		entries, err := store.GetMany(t.Context(), "c", []string{"before", "behind"})
		if err != nil || entries[0].Found() || entries[1].Found() {
			t.Errorf("%s: the batch was written in part: %v, %v", name, entries, err)
		}
	}
}

// A server whose limit is lower than what the options say refuses, and that is
// ErrTooLarge too. The rest of a batch is written.
func TestServerRefusesSize(t *testing.T) {
	server := servers.Memcached.Start(t)
	client := clientOf(t, server.URL())
	lent, err := memcached.New(client, &memcached.Options{MaxItemSize: 8 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for name, store := range map[string]*memcached.Store{
		"open": open(t, server.URL()+"?max_item_size=8388608"), "borrowed": closed(t, lent),
	} {
		t.Run(name, func(t *testing.T) {
			for method, err := range writes(t, store, "k", sized(1<<20)) {
				if !errors.Is(err, core.ErrTooLarge) {
					t.Errorf("%s = %v; want ErrTooLarge", method, err)
				}
				if failed := core.FailedKeys(err); method == "PutMany" && (len(failed) != 1 || failed[0] != "k-many") {
					t.Errorf("PutMany failed for %q; want only k-many", failed)
				}
			}
			entries, err := store.GetMany(t.Context(), "c", []string{"k", "before", "k-many", "behind"})
			if err != nil || entries[0].Found() || !entries[1].Found() || entries[2].Found() || !entries[3].Found() {
				t.Errorf("after that: %v, %v", entries, err)
			}
			store.DeleteMany(t.Context(), "c", []string{"before", "behind"})
		})
	}
}

// A server that was told so takes larger ones.
func TestLargerServer(t *testing.T) {
	server := servers.Memcached.Start(t, "-I", "8m")
	store := open(t, server.URL()+"?max_item_size=8388608")
	value := sized(7 << 20)
	for method, err := range writes(t, store, "k", value) {
		if err != nil {
			t.Errorf("%s of 7 MiB = %v", method, err)
		}
	}
	entries, err := store.GetMany(t.Context(), "c", []string{"k", "k-many", "k-inserted"})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if string(entry.Value) != string(value) {
			t.Errorf("read back %d bytes", len(entry.Value))
		}
	}
}

// A server without memory that must not evict says so, and the error does.
func TestServerOutOfMemory(t *testing.T) {
	server := servers.Memcached.Start(t, "-M", "-m", "2")
	for name, maker := range makers {
		t.Run(name, func(t *testing.T) {
			store := maker(t, server.URL())
			var items []core.Item
			for i := range 200 {
				items = append(items, core.Item{Key: fmt.Sprint(name, i), Value: sized(100 << 10)})
			}
			err := store.PutMany(t.Context(), "c", items)
			if err == nil || !strings.Contains(err.Error(), "out of memory") || errors.Is(err, core.ErrTooLarge) {
				t.Errorf("PutMany = %.300v; want that the server is out of memory", err)
			}
			failed := core.FailedKeys(err)
			var keys []string
			for _, item := range items {
				keys = append(keys, item.Key)
			}
			entries, err := store.GetMany(t.Context(), "c", keys)
			if err != nil {
				t.Fatal(err)
			}
			there := 0
			for _, entry := range entries {
				if entry.Found() {
					there++
				}
			}
			if there+len(failed) != len(keys) {
				t.Errorf("of %d, %d failed and %d are there", len(keys), len(failed), there)
			}
			err = store.Put(t.Context(), "c", "one", sized(100<<10), core.NoTTL)
			if err == nil || !strings.Contains(err.Error(), "out of memory") {
				t.Errorf("Put = %v; want that the server is out of memory", err)
			}
		})
	}
}

package valkey_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// commands returns how often the server has performed a command.
func commands(t *testing.T, client driver.Client, name string) int {
	t.Helper()
	for line := range strings.Lines(text(t, client, "INFO", "commandstats")) {
		if after, ok := strings.CutPrefix(line, "cmdstat_"+name+":calls="); ok {
			count := 0
			if _, err := fmt.Sscanf(after, "%d,", &count); err != nil {
				t.Fatal(err)
			}
			return count
		}
	}
	return 0
}

// reads are the ways to read one entry.
var reads = map[string]func(ctx context.Context, s *valkey.Store) (string, error){
	"Get": func(ctx context.Context, s *valkey.Store) (string, error) {
		entry, err := s.Get(ctx, "c", "k")
		return string(entry.Value), err
	},
	"GetAppend": func(ctx context.Context, s *valkey.Store) (string, error) {
		entry, err := s.GetAppend(ctx, "c", "k", nil)
		return string(entry.Value), err
	},
	"GetMany": func(ctx context.Context, s *valkey.Store) (string, error) {
		entries, err := s.GetMany(ctx, "c", []string{"k"})
		if err == nil && !entries[0].Found() {
			err = core.ErrNotFound
		}
		if err != nil {
			return "", err
		}
		return string(entries[0].Value), nil
	},
}

// What was read is answered without the server, until another client changes it:
// then the server says so.
func TestClientCache(t *testing.T) {
	t.Parallel()
	server := servers.Valkey.Start(t)
	other := open(t, server.URL())
	for method, read := range reads {
		t.Run(method, func(t *testing.T) {
			ctx := t.Context()
			cached := open(t, server.URL()+"?client_cache_ttl=10m")
			becomes := func(value string, wanted error) {
				t.Helper()
				eventually(t, func() error {
					got, err := read(ctx, cached)
					if got != value || !errors.Is(err, wanted) {
						return fmt.Errorf("%s still is %s, %v; want %s, %v", method, got, err, value, wanted)
					}
					return nil
				})
			}
			stays := func(value string, wanted error) {
				t.Helper()
				before := commands(t, other.Client(), "get")
				for range 100 {
					if got, err := read(ctx, cached); got != value || !errors.Is(err, wanted) {
						t.Fatalf("%s = %s, %v; want %s, %v", method, got, err, value, wanted)
					}
				}
				if asked := commands(t, other.Client(), "get") - before; asked != 0 {
					t.Errorf("the server was asked %d times for what the client had", asked)
				}
			}
			becomes("", core.ErrNotFound)
			stays("", core.ErrNotFound)
			for _, value := range []string{`{"n":1}`, `{"n":2}`} {
				if err := other.Put(ctx, "c", "k", []byte(value), core.NoTTL); err != nil {
					t.Fatal(err)
				}
				becomes(value, nil)
				stays(value, nil)
			}
			if live, err := other.Delete(ctx, "c", "k"); !live || err != nil {
				t.Fatalf("Delete = %v, %v", live, err)
			}
			becomes("", core.ErrNotFound)
			do(t, other.Client(), "RPUSH", "c::k", "not ours")
			becomes("", core.ErrCorrupt)
			do(t, other.Client(), "DEL", "c::k")
		})
	}
}

// What the cache holds is nobody's to change, and ends with the entry.
func TestClientCacheIsNotShared(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cached := open(t, servers.Valkey.Start(t).URL()+"?client_cache_ttl=10m")
	if err := cached.Put(ctx, "c", "k", []byte(`{"n":1}`), 2*time.Second); err != nil {
		t.Fatal(err)
	}
	var expires time.Time
	for range 3 {
		entry, err := cached.Get(ctx, "c", "k")
		if err != nil || string(entry.Value) != `{"n":1}` {
			t.Fatalf("Get = %s, %v", entry.Value, err)
		}
		expires = entry.ExpiresAt
		clear(entry.Value)
		entries, err := cached.GetMany(ctx, "c", []string{"k", "k"})
		if err != nil || string(entries[0].Value) != `{"n":1}` || string(entries[1].Value) != `{"n":1}` {
			t.Fatalf("GetMany = %v, %v", entries, err)
		}
		clear(entries[0].Value)
		clear(entries[1].Value)
	}
	for time.Now().Before(expires) {
		if entry, err := cached.Get(ctx, "c", "k"); err != nil && time.Now().Before(expires) {
			t.Fatalf("Get before the entry expires = %s, %v", entry.Value, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if entry, err := cached.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get after the entry has expired = %s, %v", entry.Value, err)
	}
}

// A wrong answer of the cache cannot be taken for the truth by what changes
// something.
func TestClientCacheIsNotAskedByWrites(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	o := started(t)
	o.DisableCache = false
	o.OnInvalidations = func([]driver.ValkeyMessage) {}
	cached := borrow(t, connect(t, o), &valkey.Options{ClientCacheTTL: time.Hour, VerifyListing: true})
	for i := range 200 {
		if _, err := cached.Get(ctx, "c", "k"); err != core.ErrNotFound && err != nil {
			t.Fatal(err)
		}
		if inserted, err := cached.Insert(ctx, "c", "k", []byte(`{}`), core.NoTTL); inserted != (i%2 == 0) || err != nil {
			t.Fatalf("Insert = %v, %v", inserted, err)
		}
		if i%2 == 0 {
			continue
		}
		keys := 0
		for range cached.Keys(ctx, "c") {
			keys++
		}
		if live, err := cached.Delete(ctx, "c", "k"); !live || err != nil || keys != 1 {
			t.Fatalf("Delete = %v, %v, with %d keys listed before", live, err, keys)
		}
	}
}

package redis_test

import (
	"context"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/redis"
)

// These are the conditional writes of the store, with the name of the command
// that each begins with.
var conditional = map[string][]string{"eval": {"+@all"}, "multi": {"+@all", "-@scripting"}}

// interrupted returns a store, and what somebody else writes to a key between
// its reading and its conditional writing, once.
func interrupted(t *testing.T, command string, permissions []string, name string, text []byte) *redis.Store {
	t.Helper()
	o := started(t)
	other := goredis.NewClient(&goredis.Options{Addr: o.Addr})
	t.Cleanup(func() { other.Close() })
	permit(t, o, permissions...)
	client := goredis.NewClient(o)
	t.Cleanup(func() { client.Close() })
	done := false
	client.AddHook(before{command, func() {
		if !done {
			done = true
			if err := other.Set(context.Background(), name, text, 0).Err(); err != nil {
				t.Error(err)
			}
		}
	}})
	t.Cleanup(func() {
		if !done {
			t.Errorf("no %s was sent", command)
		}
	})
	return borrow(t, client, nil)
}

// wantNewer wants what the other has written.
func wantNewer(t *testing.T, store *redis.Store) {
	t.Helper()
	if entry, err := store.Get(t.Context(), "c", "k"); err != nil || string(entry.Value) != `{"newer":1}` {
		t.Errorf("Get = %s, %v; want what was written meanwhile", entry.Value, err)
	}
}

func TestDestroyBesideWriter(t *testing.T) {
	t.Parallel()
	for command, permissions := range conditional {
		t.Run(command, func(t *testing.T) {
			store := interrupted(t, command, permissions, "c::k", envelope("c", "k", `{"newer":1}`, time.Time{}))
			if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			if existed, err := store.DestroyCollection(t.Context(), "c"); !existed || err != nil {
				t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
			}
			wantNewer(t, store)
		})
	}
}

func TestInsertBesideWriter(t *testing.T) {
	t.Parallel()
	for command, permissions := range conditional {
		t.Run(command, func(t *testing.T) {
			store := interrupted(t, command, permissions, "c::k", envelope("c", "k", `{"newer":1}`, time.Time{}))
			expired := envelope("c", "k", `{}`, time.Now().Add(-time.Second))
			if err := store.Client().Set(t.Context(), "c::k", expired, 0).Err(); err != nil {
				t.Fatal(err)
			}
			if inserted, err := store.Insert(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); inserted || err != nil {
				t.Errorf("Insert = %v, %v; want false, nil", inserted, err)
			}
			wantNewer(t, store)
		})
	}
}

// What is not a string is removed in a transaction. An entry that takes its
// place meanwhile is removed as any, and counts.
func TestDeleteBesideWriter(t *testing.T) {
	t.Parallel()
	store := interrupted(t, "multi", []string{"+@all"}, "c::k", envelope("c", "k", `{"newer":1}`, time.Time{}))
	if err := store.Client().RPush(t.Context(), "c::k", "a").Err(); err != nil {
		t.Fatal(err)
	}
	if live, err := store.Delete(t.Context(), "c", "k"); !live || err != nil {
		t.Errorf("Delete = %v, %v; want true, nil", live, err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
}

// In the place of an entry may also come what is none at all.
func TestDestroyBesideList(t *testing.T) {
	t.Parallel()
	for command, permissions := range map[string][]string{
		"getex": {"+@all"}, "eval": {"+@all"}, "watch": {"+@all", "-@scripting"},
	} {
		t.Run(command, func(t *testing.T) {
			o := started(t)
			permit(t, o, permissions...)
			client := goredis.NewClient(o)
			t.Cleanup(func() { client.Close() })
			store := borrow(t, client, nil)
			if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			other := goredis.NewClient(o)
			t.Cleanup(func() { other.Close() })
			client.AddHook(before{command, func() {
				other.Del(context.Background(), "c::k")
				other.RPush(context.Background(), "c::k", "a")
			}})
			if _, err := store.DestroyCollection(t.Context(), "c"); err != nil {
				t.Errorf("DestroyCollection = %v", err)
			}
			if kind := client.Type(t.Context(), "c::k").Val(); kind != "list" {
				t.Errorf("there is a %s, want the list", kind)
			}
		})
	}
}

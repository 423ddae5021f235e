package valkey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// interrupted returns a store, and what somebody else does between the reading
// of a key and its conditional writing, once.
func interrupted(t *testing.T, command string, permissions []string, words ...string) *valkey.Store {
	t.Helper()
	o := started(t)
	other := connect(t, o)
	permit(t, &o, permissions...)
	done := false
	t.Cleanup(func() {
		if !done {
			t.Errorf("no %s was sent", command)
		}
	})
	return borrow(t, before{connect(t, o), command, func() {
		if !done {
			done = true
			do(t, other, "DEL", words[1])
			do(t, other, words...)
		}
	}}, nil)
}

// wantNewer wants what the other has written.
func wantNewer(t *testing.T, store *valkey.Store) {
	t.Helper()
	if entry, err := store.Get(t.Context(), "c", "k"); err != nil || string(entry.Value) != `{"newer":1}` {
		t.Errorf("Get = %s, %v; want what was written meanwhile", entry.Value, err)
	}
}

func TestDestroyBesideWriter(t *testing.T) {
	t.Parallel()
	for command, permissions := range conditional {
		t.Run(command, func(t *testing.T) {
			store := interrupted(t, command, permissions, "SET", "c::k", envelope("c", "k", `{"newer":1}`, time.Time{}))
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

// In the place of an entry may also come what is none at all.
func TestDestroyBesideList(t *testing.T) {
	t.Parallel()
	for command, permissions := range conditional {
		t.Run(command, func(t *testing.T) {
			command = strings.Replace(command, "MULTI", "WATCH", 1) // then it is seen before it is asked
			store := interrupted(t, command, permissions, "RPUSH", "c::k", "a")
			if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			if _, err := store.DestroyCollection(t.Context(), "c"); err != nil {
				t.Errorf("DestroyCollection = %v", err)
			}
			if kind := text(t, store.Client(), "TYPE", "c::k"); kind != "list" {
				t.Errorf("there is a %s, want the list", kind)
			}
		})
	}
}

func TestInsertBesideWriter(t *testing.T) {
	t.Parallel()
	for command, permissions := range conditional {
		t.Run(command, func(t *testing.T) {
			store := interrupted(t, command, permissions, "SET", "c::k", envelope("c", "k", `{"newer":1}`, time.Time{}))
			do(t, store.Client(), "SET", "c::k", envelope("c", "k", `{}`, time.Now().Add(-time.Second)))
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
	store := interrupted(t, "MULTI", []string{"+@all"}, "SET", "c::k", envelope("c", "k", `{"newer":1}`, time.Time{}))
	do(t, store.Client(), "RPUSH", "c::k", "a")
	if live, err := store.Delete(t.Context(), "c", "k"); !live || err != nil {
		t.Errorf("Delete = %v, %v; want true, nil", live, err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
}

// A transaction whose condition does not hold leaves its connection as if it had
// not been: it watches nothing any more.
func TestTransactionsLeaveNothing(t *testing.T) {
	t.Parallel()
	o := started(t)
	other := connect(t, o)
	permit(t, &o, conditional["MULTI"]...)
	o.BlockingPoolSize = 1 // the connection of all transactions
	write := func(key string, expires time.Time) { do(t, other, "SET", "c::"+key, envelope("c", key, `{}`, expires)) }
	var interrupt func()
	store := borrow(t, before{connect(t, o), "WATCH", func() { interrupt() }}, nil)
	for range 10 {
		write("a", time.Now().Add(-time.Second))
		interrupt = func() { write("a", time.Time{}) }
		if inserted, err := store.Insert(t.Context(), "c", "a", []byte(`{}`), core.NoTTL); inserted || err != nil {
			t.Errorf("Insert beside a writer = %v, %v; want false, nil", inserted, err)
		}
		write("b", time.Now().Add(-time.Second))
		interrupt = func() { write("a", time.Time{}) }
		if inserted, err := store.Insert(t.Context(), "c", "b", []byte(`{}`), core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert over an expired entry = %v, %v; want true, nil", inserted, err)
		}
	}
}

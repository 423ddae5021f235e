package memory_test

import (
	"container/list"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// The least recently used entry goes, over all collections.
func TestEvictionByUse(t *testing.T) {
	ctx := t.Context()
	uses := map[string]func(s *memory.Store){
		"Get":       func(s *memory.Store) { s.Get(ctx, "b", "old") },
		"GetAppend": func(s *memory.Store) { s.GetAppend(ctx, "b", "old", nil) },
		"GetMany":   func(s *memory.Store) { s.GetMany(ctx, "b", []string{"old"}) },
		"Put":       func(s *memory.Store) { s.Put(ctx, "b", "old", value(2), core.NoTTL) },
		"PutMany":   func(s *memory.Store) { s.PutMany(ctx, "b", []core.Item{{Key: "old", Value: value(2)}}) },
	}
	others := map[string]func(s *memory.Store){
		"nothing": func(s *memory.Store) {},
		"Keys":    func(s *memory.Store) { keys(t, s, "b") },
		"Insert":  func(s *memory.Store) { s.Insert(ctx, "b", "old", value(2), core.NoTTL) },
	}
	for used, actions := range map[bool]map[string]func(s *memory.Store){true: uses, false: others} {
		for name, act := range actions {
			s := newStore(t, &memory.Options{MaxEntries: 3})
			put(t, s, "b", "old", 1)
			put(t, s, "a", "k", 1)
			put(t, s, "a", "l", 1)
			act(s)
			put(t, s, "c", "new", 1)
			if has(t, s, "b", "old") != used || has(t, s, "a", "k") == used {
				t.Errorf("%s: use = %v, want %v", name, !used, used)
			}
			if got := s.Stats(); got.Entries != 3 || got.Evicted != 1 {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
}

func TestOverwritingAtTheBoundEvictsNothing(t *testing.T) {
	s := newStore(t, &memory.Options{MaxEntries: 2})
	put(t, s, "", "a", 1)
	put(t, s, "", "b", 1)
	for i := range 5 {
		put(t, s, "", "b", i)
	}
	if got := keys(t, s, ""); !slices.Equal(got, []string{"a", "b"}) || s.Stats().Evicted != 0 {
		t.Errorf("keys = %q, %+v", got, s.Stats())
	}
}

func TestMaxBytes(t *testing.T) {
	sized := func(size int) json.RawMessage {
		return json.RawMessage(`{"a":"` + strings.Repeat("x", size-8) + `"}`)
	}
	s := newStore(t, &memory.Options{MaxBytes: 100})
	store := func(key string, size int) error {
		return s.Put(t.Context(), "c", key, sized(size), core.NoTTL)
	}
	for _, key := range []string{"a", "b", "d", "e"} {
		if err := store(key, 24); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Stats(); got != (memory.Stats{Entries: 4, Bytes: 100}) {
		t.Errorf("full to the byte: %+v", got)
	}
	// An overwrite that grows makes room at the expense of the others.
	if err := store("a", 25); err != nil || slices.Contains(keys(t, s, "c"), "b") {
		t.Errorf("left are %q, %v", keys(t, s, "c"), err)
	}
	// What is too large alone is refused, and nothing goes for it.
	items := []core.Item{{Key: "z", Value: value(1)}, {Key: "y", Value: sized(100)}}
	_, err := s.Insert(t.Context(), "c", "y", sized(100), core.NoTTL)
	for op, err := range map[string]error{"put": store("y", 100), "put many": s.PutMany(t.Context(), "c", items), "insert": err} {
		if !isError(err, op, core.ErrTooLarge) {
			t.Errorf("%s: %v", op, err)
		}
	}
	if got := keys(t, s, "c"); !slices.Equal(got, []string{"a", "d", "e"}) {
		t.Errorf("left are %q", got)
	}
	if err := store("y", 99); err != nil || !slices.Equal(keys(t, s, "c"), []string{"y"}) {
		t.Errorf("what fits alone: %v, %q", err, keys(t, s, "c"))
	}
}

// What has expired goes before what lives, however lately it was used.
func TestExpiredGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStore(t, &memory.Options{MaxEntries: 4, SweepInterval: -1})
		put(t, s, "", "old", 1)
		for i, key := range []string{"x", "y", "z"} {
			putFor(t, s, "", key, time.Duration(3-i)*time.Second)
		}
		put(t, s, "", "x", 2) // lives on
		time.Sleep(2 * time.Second)
		put(t, s, "", "new", 1)
		put(t, s, "", "newer", 1)
		if got := keys(t, s, ""); !slices.Equal(got, []string{"new", "newer", "old", "x"}) || s.Stats().Evicted != 0 {
			t.Errorf("left are %q, %+v", got, s.Stats())
		}
		put(t, s, "", "newest", 1)
		if has(t, s, "", "old") {
			t.Error("the least recently used is still there")
		}
	})
}

// The order of use is exact over a long random history with deadlines.
func TestEvictionAgainstModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const bound = 100
		s := newStore(t, &memory.Options{MaxEntries: bound, SweepInterval: -1})
		random := rand.New(rand.NewPCG(1, 2))
		type entry struct {
			key     string
			expires time.Time
		}
		order := list.New() // least recently used first
		where := make(map[string]*list.Element)
		forget := func(e *list.Element) {
			delete(where, e.Value.(entry).key)
			order.Remove(e)
		}
		for step := range 20_000 {
			time.Sleep(time.Millisecond)
			key := fmt.Sprint("k", random.IntN(300))
			e, held := where[key]
			live := held && (e.Value.(entry).expires.IsZero() || time.Now().Before(e.Value.(entry).expires))
			switch random.IntN(10) {
			case 0:
				if deleted, _ := s.Delete(t.Context(), "c", key); deleted != live {
					t.Fatalf("step %d: Delete = %v", step, deleted)
				}
				if held {
					forget(e)
				}
			case 1, 2, 3:
				if has(t, s, "c", key) != live {
					t.Fatalf("step %d: live = %v", step, !live)
				}
				if live {
					order.MoveToBack(e)
				}
			default:
				ttl := time.Duration(random.IntN(2)*random.IntN(200)) * time.Millisecond
				putFor(t, s, "c", key, ttl)
				if held {
					forget(e)
				}
				added := entry{key: key}
				if ttl > 0 {
					added.expires = time.Now().Add(ttl)
				}
				where[key] = order.PushBack(added)
				if order.Len() > bound {
					var victim *list.Element
					for e := order.Front(); e != nil; e = e.Next() {
						at := e.Value.(entry).expires
						if !at.IsZero() && !time.Now().Before(at) && (victim == nil || at.Before(victim.Value.(entry).expires)) {
							victim = e
						}
					}
					if victim == nil {
						victim = order.Front()
					}
					forget(victim)
				}
			}
		}
		if got := s.Stats().Entries; got != order.Len() {
			t.Errorf("%d entries, want %d", got, order.Len())
		}
		if err := s.Destroy(t.Context()); err != nil || s.Stats().Entries != 0 {
			t.Errorf("Destroy: %v", err)
		}
	})
}

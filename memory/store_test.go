package memory_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// A long random history must leave each store as it leaves a map.
func TestAgainstModel(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		random := rand.New(rand.NewPCG(1, 2))
		model := map[string]map[string]string{"a": {}, "b": {}, "c": {}}
		for step := range 60_000 {
			// Long phases of growing and of shrinking.
			grow := step/10_000%2 == 0
			collection := string(rune('a' + random.IntN(3)))
			key := fmt.Sprint("k", random.IntN(5000))
			if random.IntN(100) == 0 {
				key = strings.Repeat("long", 63) + key // 254 to 257 bytes
			}
			old, had := model[collection][key]
			switch action := random.IntN(10); {
			case action < 3:
				entry, err := s.Get(t.Context(), collection, key)
				if (err == nil) != had || string(entry.Value) != old {
					t.Fatalf("step %d: Get = %s, %v; want %q", step, entry.Value, err, old)
				}
			case action < 5 == grow:
				if deleted, err := s.Delete(t.Context(), collection, key); err != nil || deleted != had {
					t.Fatalf("step %d: Delete = %v, %v", step, deleted, err)
				}
				delete(model[collection], key)
			default:
				put(t, s, collection, key, step)
				model[collection][key] = string(value(step))
			}
		}
		for collection, want := range model {
			got := keys(t, s, collection)
			if len(got) != len(want) {
				t.Errorf("%d keys, want %d", len(got), len(want))
			}
			for _, key := range got {
				entry, err := s.Get(t.Context(), collection, key)
				if err != nil || string(entry.Value) != want[key] {
					t.Fatalf("%s = %s, %v; want %s", key, entry.Value, err, want[key])
				}
			}
		}
		if store, ok := s.(*memory.Store); ok {
			entries := len(model["a"]) + len(model["b"]) + len(model["c"])
			if got := store.Stats(); got.Entries != entries || got.Evicted != 0 {
				t.Errorf("Stats = %+v, want %d entries", got, entries)
			}
		}
	})
}

func TestBatches(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		items := []core.Item{{Key: "a", Value: value(1)}, {Key: "b", Value: value(2)}, {Key: "a", Value: value(3)}}
		if err := s.PutMany(t.Context(), "", items); err != nil {
			t.Fatal(err)
		}
		entries, err := s.GetMany(t.Context(), core.DefaultCollection, []string{"a", "miss", "a", "b"})
		if err != nil || len(entries) != 4 {
			t.Fatalf("GetMany = %v, %v", entries, err)
		}
		clear(entries[0].Value)
		for i, want := range []string{"", "", `{"n":3}`, `{"n":2}`} {
			if got := string(entries[i].Value); i > 0 && got != want {
				t.Errorf("entry %d = %q, want %q", i, got, want)
			}
		}
		if n, err := s.DeleteMany(t.Context(), "", []string{"a", "a", "miss"}); n != 1 || err != nil {
			t.Errorf("DeleteMany = %d, %v", n, err)
		}
	})
}

// A store keeps no slice that it was given and hands out none that it keeps.
func TestOwnership(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		given := value(1)
		if err := s.Put(t.Context(), "c", "k", given, core.NoTTL); err != nil {
			t.Fatal(err)
		}
		clear(given)
		first, _ := s.Get(t.Context(), "c", "k")
		clear(first.Value)
		buffer := append(make([]byte, 0, 100), "before "...)
		second, err := s.GetAppend(t.Context(), "c", "k", buffer)
		if err != nil || string(second.Value) != `before {"n":1}` || &second.Value[0] != &buffer[0] {
			t.Errorf("GetAppend = %s, %v", second.Value, err)
		}
		if cap(first.Value[:1]) == 0 || bytes.Equal(first.Value, second.Value) {
			t.Error("a value is shared")
		}
	})
}

func TestInsert(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		for i, want := range []bool{true, false} {
			if inserted, err := s.Insert(t.Context(), "", "k", value(i), core.NoTTL); inserted != want || err != nil {
				t.Errorf("Insert %d = %v, %v", i, inserted, err)
			}
		}
		if entry, _ := s.Get(t.Context(), "", "k"); string(entry.Value) != `{"n":0}` {
			t.Errorf("Get = %s", entry.Value)
		}
	})
}

func TestDestroy(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		for _, collection := range []string{"a", "b", ""} {
			put(t, s, collection, "k", 1)
			put(t, s, collection, "l", 1)
		}
		for _, want := range []bool{true, false} {
			if existed, err := s.DestroyCollection(t.Context(), "a"); existed != want || err != nil {
				t.Errorf("DestroyCollection = %v, %v", existed, err)
			}
		}
		if got := collect(t, s.Collections(t.Context())); !slices.Equal(got, []string{"b", core.DefaultCollection}) {
			t.Errorf("left are %q", got)
		}
		if err := s.Destroy(t.Context()); err != nil {
			t.Error(err)
		}
		if got := collect(t, s.Collections(t.Context())); len(got) > 0 {
			t.Errorf("left are %q", got)
		}
		put(t, s, "a", "k", 2)
		if got := keys(t, s, "a"); !slices.Equal(got, []string{"k"}) {
			t.Errorf("after a new start: %q", got)
		}
	})
}

// Memory is given back by deleting, overwriting, destroying and closing.
func TestMemoryIsGivenBack(t *testing.T) {
	heap := func() int64 {
		runtime.GC()
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	large := []byte(`{"a":"` + strings.Repeat("x", 10_000) + `"}`)
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprint("key", i)
	}
	for _, options := range []*memory.Options{nil, {MaxEntries: 1 << 20}} {
		for what, empty := range map[string]func(s *memory.Store){
			"delete":             func(s *memory.Store) { s.DeleteMany(t.Context(), "c", names) },
			"destroy":            func(s *memory.Store) { s.Destroy(t.Context()) },
			"destroy collection": func(s *memory.Store) { s.DestroyCollection(t.Context(), "c") },
			"close":              func(s *memory.Store) { s.Close() },
			"overwrite": func(s *memory.Store) {
				for _, name := range names {
					put(t, s, "c", name, 1)
				}
			},
			"list": func(s *memory.Store) {
				// Who keeps the names keeps no values.
				kept := keys(t, s, "c")
				s.Close()
				t.Cleanup(func() { runtime.KeepAlive(kept) })
			},
		} {
			s := newStore(t, options)
			before := heap()
			for _, name := range names {
				if err := s.Put(t.Context(), "c", name, large, core.NoTTL); err != nil {
					t.Fatal(err)
				}
			}
			if full := heap() - before; full < 10_000_000 {
				t.Errorf("%s: filling took %d bytes", what, full)
			}
			empty(s)
			if rest := heap() - before; rest > 1_000_000 {
				t.Errorf("%s: %d bytes are left", what, rest)
			}
			runtime.KeepAlive(s)
		}
	}
}

func TestAllocations(t *testing.T) {
	for _, options := range []*memory.Options{nil, {MaxEntries: 10}} {
		s := newStore(t, options)
		large := []byte(`{"a":"` + strings.Repeat("x", 1000) + `"}`)
		buffer := make([]byte, 0, 2000)
		put(t, s, "c", "k", 1)
		for name, c := range map[string]struct {
			want float64
			call func()
		}{
			"Put":       {1, func() { s.Put(t.Context(), "c", "k", large, core.NoTTL) }},
			"Get":       {1, func() { s.Get(t.Context(), "c", "k") }},
			"GetAppend": {0, func() { s.GetAppend(t.Context(), "c", "k", buffer) }},
		} {
			if got := testing.AllocsPerRun(100, c.call); got > c.want {
				t.Errorf("%s makes %v allocations, want %v", name, got, c.want)
			}
		}
	}
}

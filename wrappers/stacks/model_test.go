package stacks

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// entry is what the model holds under a name.
type entry struct {
	value   string
	expires time.Time // zero: never
}

// name is a collection, never empty, and a key.
type name struct{ collection, key string }

// machine does the same to a stack and to a plain map, and compares.
type machine struct {
	ctx               context.Context
	store             core.Store
	defaultCollection string // what the empty one stands for
	model             map[name]entry
	count             int // of the values put, so that each differs
}

// at returns where the model has an entry.
func (m *machine) at(collection, key string) name {
	return name{cmp.Or(collection, m.defaultCollection), key}
}

// Names that are easily confused once something is put before or between them.
var (
	collections = []string{"", core.DefaultCollection, "a", "a__b", "b", "users::1", "~kv1~a", "prefix__a", "shared"}
	keys        = []string{"k", "b__k", "__k", "a::k", "prefix__k", "default_collection__k", "~kv1~k", "k:", "%5F"}
)

func (m *machine) collection(t *rapid.T) string {
	return rapid.SampledFrom(collections).Draw(t, "collection")
}

func (m *machine) key(t *rapid.T) string { return rapid.SampledFrom(keys).Draw(t, "key") }

func (m *machine) keys(t *rapid.T) []string {
	return rapid.SliceOfN(rapid.SampledFrom(keys), 0, 6).Draw(t, "keys")
}

func (m *machine) ttl(t *rapid.T) time.Duration {
	return rapid.SampledFrom([]time.Duration{core.NoTTL, core.NoTTL, time.Second, time.Minute, time.Hour}).Draw(t, "ttl")
}

// value draws small values, large ones, and ones that look like an envelope.
func (m *machine) value(t *rapid.T) json.RawMessage {
	m.count++
	padding := bytes.Repeat([]byte("padding "), rapid.SampledFrom([]int{0, 1, 300}).Draw(t, "padding"))
	members := rapid.SampledFrom([]string{"value", "__compressed_data__", "__encrypted_data__"}).Draw(t, "member")
	text, err := json.Marshal(map[string]any{members: string(padding), "count": m.count})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// live returns what the model has there now.
func (m *machine) live(at name) (entry, bool) {
	e, ok := m.model[at]
	if ok && !e.expires.IsZero() && !time.Now().Before(e.expires) {
		return entry{}, false
	}
	return e, ok
}

func (m *machine) put(collection string, item core.Item) {
	e := entry{value: string(item.Value)}
	if item.TTL != core.NoTTL {
		e.expires = time.Now().Add(item.TTL)
	}
	m.model[m.at(collection, item.Key)] = e
}

// same compares an entry of the stack with that of the model.
func (m *machine) same(t *rapid.T, collection, key string, got core.Entry) {
	want, ok := m.live(m.at(collection, key))
	switch {
	case got.Found() != ok:
		t.Fatalf("%q/%q is found: %t, want %t", collection, key, got.Found(), ok)
	case string(got.Value) != want.value:
		t.Fatalf("%q/%q is %s, want %s", collection, key, got.Value, want.value)
	case got.ExpiresAt.IsZero() != want.expires.IsZero(), got.ExpiresAt.Sub(want.expires).Abs() > time.Millisecond:
		t.Fatalf("%q/%q expires at %v, want %v", collection, key, got.ExpiresAt, want.expires)
	}
}

func (m *machine) Get(t *rapid.T) {
	collection, key := m.collection(t), m.key(t)
	got, err := m.store.Get(m.ctx, collection, key)
	if err != nil && err != core.ErrNotFound {
		t.Fatal(err)
	}
	m.same(t, collection, key, got)
}

func (m *machine) GetAppend(t *rapid.T) {
	collection, key := m.collection(t), m.key(t)
	buffer := append(make([]byte, 0, rapid.IntRange(4, 4096).Draw(t, "capacity")), "head"...)
	got, err := core.GetAppend(m.ctx, m.store, collection, key, buffer)
	if err != nil && err != core.ErrNotFound {
		t.Fatal(err)
	}
	if err == nil {
		tail, ok := bytes.CutPrefix(got.Value, []byte("head"))
		if !ok {
			t.Fatalf("the buffer became %s", got.Value)
		}
		got.Value = tail
	}
	m.same(t, collection, key, got)
}

func (m *machine) GetMany(t *rapid.T) {
	collection, keys := m.collection(t), m.keys(t)
	got, err := m.store.GetMany(m.ctx, collection, keys)
	if err != nil || len(got) != len(keys) {
		t.Fatalf("%d entries for %d keys: %v", len(got), len(keys), err)
	}
	for i, key := range keys {
		m.same(t, collection, key, got[i])
	}
}

func (m *machine) Put(t *rapid.T) {
	collection := m.collection(t)
	item := core.Item{Key: m.key(t), Value: m.value(t), TTL: m.ttl(t)}
	if err := m.store.Put(m.ctx, collection, item.Key, item.Value, item.TTL); err != nil {
		t.Fatal(err)
	}
	m.put(collection, item)
}

func (m *machine) PutMany(t *rapid.T) {
	collection := m.collection(t)
	var items []core.Item
	for _, key := range m.keys(t) {
		items = append(items, core.Item{Key: key, Value: m.value(t), TTL: m.ttl(t)})
	}
	if err := m.store.PutMany(m.ctx, collection, items); err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		m.put(collection, item)
	}
}

func (m *machine) Insert(t *rapid.T) {
	collection := m.collection(t)
	item := core.Item{Key: m.key(t), Value: m.value(t), TTL: m.ttl(t)}
	got, err := core.Insert(m.ctx, m.store, collection, item.Key, item.Value, item.TTL)
	if errors.Is(err, errors.ErrUnsupported) && !core.Supports(m.store, core.CanInsert) {
		return
	}
	if _, there := m.live(name{cmp.Or(collection, m.defaultCollection), item.Key}); err != nil || got == there {
		t.Fatalf("insert answered %t, %v, and there was one: %t", got, err, there)
	}
	if got {
		m.put(collection, item)
	}
}

func (m *machine) Delete(t *rapid.T) {
	collection, key := m.collection(t), m.key(t)
	got, err := m.store.Delete(m.ctx, collection, key)
	at := m.at(collection, key)
	if _, there := m.live(at); err != nil || got != there {
		t.Fatalf("delete answered %t, %v, and there was one: %t", got, err, there)
	}
	delete(m.model, at)
}

func (m *machine) DeleteMany(t *rapid.T) {
	collection, keys := m.collection(t), m.keys(t)
	got, err := m.store.DeleteMany(m.ctx, collection, keys)
	want := 0
	for _, key := range keys {
		at := m.at(collection, key)
		if _, there := m.live(at); there {
			want++
		}
		delete(m.model, at)
	}
	if err != nil || got != want {
		t.Fatalf("deleted %d, %v, want %d", got, err, want)
	}
}

func (m *machine) DestroyCollection(t *rapid.T) {
	collection := m.collection(t)
	got, err := core.DestroyCollection(m.ctx, m.store, collection)
	if errors.Is(err, errors.ErrUnsupported) && !core.Supports(m.store, core.CanDestroyCollection) {
		return
	}
	if err != nil || !got && len(m.listed(collection)) > 0 {
		t.Fatalf("destroying %q answered %t, %v", collection, got, err)
	}
	maps.DeleteFunc(m.model, func(at name, _ entry) bool { return at.collection == cmp.Or(collection, m.defaultCollection) })
}

func (m *machine) Destroy(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "one in ten") > 0 {
		return
	}
	if err := core.Destroy(m.ctx, m.store); err != nil {
		if errors.Is(err, errors.ErrUnsupported) && !core.Supports(m.store, core.CanDestroy) {
			return
		}
		t.Fatal(err)
	}
	clear(m.model)
}

func (m *machine) Cull(t *rapid.T) {
	if _, err := core.Cull(m.ctx, m.store); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) Wait(t *rapid.T) {
	time.Sleep(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second, time.Minute}).Draw(t, "wait"))
}

// listed returns the keys that the model has in the collection.
func (m *machine) listed(collection string) (listed []string) {
	for at := range m.model {
		if _, there := m.live(at); there && at.collection == cmp.Or(collection, m.defaultCollection) {
			listed = append(listed, at.key)
		}
	}
	slices.Sort(listed)
	return listed
}

// Check runs after every step: the listings say what the model says.
func (m *machine) Check(t *rapid.T) {
	if !core.Supports(m.store, core.CanKeys|core.CanCollections) {
		t.Fatalf("the stack cannot list")
	}
	var names []string
	for collection, err := range core.Collections(m.ctx, m.store) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, collection)
	}
	slices.Sort(names)
	want := make(map[string]bool)
	for at := range m.model {
		if _, there := m.live(at); there {
			want[at.collection] = true
		}
	}
	if wanted := slices.Sorted(maps.Keys(want)); !slices.Equal(names, wanted) {
		t.Fatalf("collections %q, want %q", names, wanted)
	}
	for _, collection := range names {
		var found []string
		for key, err := range core.Keys(m.ctx, m.store, collection) {
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, key)
		}
		slices.Sort(found)
		if wanted := m.listed(collection); !slices.Equal(found, wanted) {
			t.Fatalf("keys of %q: %q, want %q", collection, found, wanted)
		}
	}
}

// inBubble is a test without its deadline, for which rapid would ask: in a
// bubble of synctest that is not allowed.
type inBubble struct{ rapid.TB }

// A random stack of wrappers is indistinguishable from a map.
func TestModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(inBubble{t}, func(rt *rapid.T) {
			stack := drawStack(rt)
			inner, err := memory.New(nil)
			if err != nil {
				rt.Fatal(err)
			}
			store := stack.over(rt, inner)
			defer core.Close(store)
			m := &machine{ctx: t.Context(), store: store, defaultCollection: stack.defaultCollection(), model: make(map[name]entry)}
			rt.Repeat(rapid.StateMachineActions(m))
		})
	})
}

package storetest

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveResults(p *trial) {
	for m := range p.methods(0) {
		a := p.canary()
		m.verify(p, p.worldFor(m, a), a)
	}
}

func verifyGet(p *trial, w *world, a arguments) {
	entry, err := w.store.Get(p.ctx, a.collection, a.keys[0])
	p.wantEntry("Get", a, a.keys[0], entry, err)
}

func verifyGetAppend(p *trial, w *world, a arguments) {
	entry, err := w.store.GetAppend(p.ctx, a.collection, a.keys[0], []byte(appendedTo))
	value, found := strings.CutPrefix(string(entry.Value), appendedTo)
	if err == nil && !found {
		p.Errorf("GetAppend to %q returned %.80q, which does not begin with that", appendedTo, entry.Value)
		return
	}
	entry.Value = json.RawMessage(value)
	p.wantEntry("GetAppend", a, a.keys[0], entry, err)
}

func verifyGetMany(p *trial, w *world, a arguments) {
	keys := []string{a.keys[1], "absent", a.keys[0], a.keys[1]}
	entries, err := w.store.GetMany(p.ctx, a.collection, keys)
	if err != nil || len(entries) != len(keys) {
		p.Errorf("GetMany(%q) = %d entries, %v; want %d and no error", keys, len(entries), err, len(keys))
		return
	}
	for i, key := range keys {
		if key == "absent" {
			p.wantMiss("GetMany", entries[i], nil, nil)
			continue
		}
		p.wantEntry("GetMany", a, key, entries[i], nil)
	}
}

// verifyPut speaks of Put and PutMany, which wrote what the store holds.
func verifyPut(p *trial, _ *world, a arguments) {
	w := p.world(0)
	if !p.options.refuses("PutMany") {
		if err := w.store.PutMany(p.ctx, a.collection, a.items()[1:]); err != nil {
			p.Errorf("PutMany returned %v, want no error", err)
		}
	}
	if err := w.store.Put(p.ctx, a.collection, a.keys[0], a.value("older"), core.NoTTL); err != nil {
		p.Errorf("Put returned %v, want no error", err)
	}
	if err := w.store.Put(p.ctx, a.collection, a.keys[0], a.value(a.keys[0]), a.ttl); err != nil {
		p.Errorf("Put returned %v, want no error", err)
	}
	p.wantHeld("Put", w, a)
}

func verifyInsert(p *trial, w *world, a arguments) {
	key := a.keys[0]
	if yes, err := w.store.Insert(p.ctx, a.collection, key, a.value(key), a.ttl); !yes || err != nil {
		p.Errorf("Insert of a new key = %t, %v; want true", yes, err)
	}
	if yes, err := w.store.Insert(p.ctx, a.collection, key, a.value("other"), a.ttl); yes || err != nil {
		p.Errorf("Insert of a key that is there = %t, %v; want false", yes, err)
	}
	entry, err := w.store.Get(p.ctx, a.collection, key)
	p.wantEntry("Get after Insert", a, key, entry, err)
}

func verifyDelete(p *trial, w *world, a arguments) {
	for _, want := range []bool{true, false} {
		if yes, err := w.store.Delete(p.ctx, a.collection, a.keys[0]); yes != want || err != nil {
			p.Errorf("Delete(%q) = %t, %v; want %t", a.keys[0], yes, err, want)
		}
	}
	p.wantGone("Delete", w, a.collection, a.keys[0])
	a.keys = a.keys[1:]
	p.wantHeld("Delete of another key", w, a)
}

func verifyDeleteMany(p *trial, w *world, a arguments) {
	keys := []string{a.keys[0], "absent", a.keys[1], a.keys[0]}
	if count, err := w.store.DeleteMany(p.ctx, a.collection, keys); count != 2 || err != nil {
		p.Errorf("DeleteMany(%q) of which 2 are there = %d, %v; want 2", keys, count, err)
	}
	p.wantGone("DeleteMany", w, a.collection, a.keys[:2]...)
	a.keys = a.keys[2:]
	p.wantHeld("DeleteMany of other keys", w, a)
}

func verifyKeys(p *trial, w *world, a arguments) {
	p.wantNames("Keys", listed(w.store.Keys(p.ctx, a.collection)), a.keys...)
	p.wantNames("Keys of an empty collection", listed(w.store.Keys(p.ctx, "empty")))
}

func verifyCollections(p *trial, _ *world, a arguments) {
	b := a
	b.collection = otherCollections[0]
	p.wantNames("Collections", listed(p.holding(a, b).store.Collections(p.ctx)), a.collection, b.collection)
}

func verifyDestroyCollection(p *trial, _ *world, a arguments) {
	b := a
	b.collection = otherCollections[0]
	w := p.holding(a, b)
	for _, want := range []bool{true, false} {
		if yes, err := w.store.DestroyCollection(p.ctx, a.collection); yes != want || err != nil {
			p.Errorf("DestroyCollection(%q) = %t, %v; want %t", a.collection, yes, err, want)
		}
	}
	p.wantGone("DestroyCollection", w, a.collection, a.keys...)
	p.wantHeld("DestroyCollection of another", w, b)
}

func verifyDestroy(p *trial, w *world, a arguments) {
	if err := w.store.Destroy(p.ctx); err != nil {
		p.Errorf("Destroy returned %v, want no error", err)
	}
	p.wantGone("Destroy", w, a.collection, a.keys...)
}

// verifyKept speaks of the methods that change no live entry.
func verifyKept(p *trial, w *world, a arguments) {
	if count, err := w.store.Cull(p.ctx); p.options.offered(core.CanAll).Has(core.CanCull) && !p.options.refuses("Cull") && (count != 0 || err != nil) {
		p.Errorf("Cull of a store without expired entries = %d, %v; want 0", count, err)
	}
	if err := w.store.Setup(p.ctx, a.collection); err != nil && !p.options.refuses("Setup") {
		p.Errorf("Setup returned %v, want no error", err)
	}
	p.wantHeld("Cull and Setup", w, a)
}

// wantHeld reports the entries of a that cannot be read.
func (p *trial) wantHeld(after string, w *world, a arguments) {
	for _, key := range a.keys {
		entry, err := w.store.Get(p.ctx, a.collection, key)
		p.wantEntry("Get after "+after, a, key, entry, err)
	}
}

// wantEntry reports an entry that is not the one that was put under the key.
func (p *trial) wantEntry(call string, a arguments, key string, entry core.Entry, err error) {
	if err != nil {
		p.Errorf("%s(%q, %q) returned %v, want the entry", call, a.collection, key, err)
		return
	}
	if !sameJSON(entry.Value, a.value(key)) {
		p.Errorf("%s(%q, %q) returned the value %.80s, want %.80s", call, a.collection, key, entry.Value, a.value(key))
	}
	if p.options.ChangesTTLs {
		return
	}
	// A store may round the expiry up, and a slow test machine takes its time.
	if remaining, expires := entry.TTL(); !expires || remaining > a.ttl+time.Second || remaining < a.ttl-time.Minute {
		p.Errorf("%s(%q, %q) returned an entry with %v to live, want %v", call, a.collection, key, remaining, a.ttl)
	}
}

// wantGone reports keys that are still there.
func (p *trial) wantGone(after string, w *world, collection string, keys ...string) {
	for _, key := range keys {
		entry, err := w.store.Get(p.ctx, collection, key)
		p.wantMiss("Get after "+after, entry, err, core.ErrNotFound)
	}
}

// wantMiss reports an answer that does not say that there is no entry.
func (p *trial) wantMiss(call string, entry core.Entry, err, want error) {
	if p.options.DefaultValue != nil {
		if err != nil || !sameJSON(entry.Value, p.options.DefaultValue) {
			p.Errorf("%s of a missing key = %.80s, %v; want the default value", call, entry.Value, err)
		}
		return
	}
	if err != want || !sameEntry(entry, core.Entry{}) {
		p.Errorf("%s of a missing key = %.80s, %v; want the zero Entry and a bare %v", call, entry.Value, err, want)
	}
}

// wantNames reports a listing that does not have exactly those names.
func (p *trial) wantNames(call string, o outcome, want ...string) {
	got := slices.Sorted(slices.Values(o.names))
	want = slices.Sorted(slices.Values(want))
	if err := errors.Join(o.errs...); err != nil || !slices.Equal(got, want) {
		p.Errorf("%s listed %q, %v; want %q", call, got, err, want)
	}
}

// sameJSON reports whether two texts are the same value.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func proveNotFound(p *trial) {
	a := p.canary()
	w := p.world(0)
	for m := range p.methods(ofKeys) {
		switch m.name {
		case "Get":
			entry, err := w.store.Get(p.ctx, a.collection, "absent")
			p.wantMiss("Get", entry, err, core.ErrNotFound)
		case "GetAppend":
			a.keys[0] = "absent"
			o := m.call(p.ctx, w.store, a)
			entry := o.entries[0]
			entry.Value = json.RawMessage(strings.TrimPrefix(string(entry.Value), appendedTo))
			if len(entry.Value) == 0 && o.entries[0].Value == nil {
				entry.Value = nil
			}
			p.wantMiss("GetAppend", entry, o.err(), core.ErrNotFound)
		}
	}
}

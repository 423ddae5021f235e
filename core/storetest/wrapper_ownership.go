package storetest

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveOwnership(p *trial) {
	for m := range p.methods(ofKeys) {
		p.leavesArguments(m)
		p.leavesAnswers(m)
	}
	if !p.options.refuses("Put") && !p.options.refuses("Get") {
		p.keepsNothing()
	}
	if !p.options.refuses("PutMany") && !p.options.refuses("GetMany") {
		p.keepsNothingOfBatches()
	}
}

// leavesArguments looks whether a method writes to what it was given.
func (p *trial) leavesArguments(m *wrapperMethod) {
	a := p.canary()
	w := p.worldFor(m, a)
	keys := append(slices.Clone(a.keys), "beyond") // the capacity of a batch is the caller's too
	values := make(map[string]json.RawMessage)
	given := a
	given.keys = keys[:len(a.keys):len(keys)]
	given.value = func(key string) json.RawMessage {
		if values[key] == nil {
			values[key] = a.value(key)
		}
		return values[key]
	}
	if m.name == "PutMany" {
		items := given.items()
		before := slices.Clone(items)
		if err := w.store.PutMany(p.ctx, a.collection, items); err != nil {
			p.Errorf("PutMany returned %v, want no error", err)
		}
		for i := range items {
			if items[i].Key != before[i].Key || items[i].TTL != before[i].TTL || !sameSlice(items[i].Value, before[i].Value) {
				p.Errorf("PutMany modified item %d of the caller's slice", i)
			}
		}
	} else {
		m.call(p.ctx, w.store, given)
	}
	if !slices.Equal(keys, append(slices.Clone(a.keys), "beyond")) {
		p.Errorf("%s modified the caller's keys: %q, want %q", m.name, keys, a.keys)
	}
	for key, value := range values {
		if !bytes.Equal(value, a.value(key)) {
			p.Errorf("%s modified the caller's value of %q", m.name, key)
		}
	}
}

// sameSlice reports whether two slices are the same piece of memory.
func sameSlice(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// leavesAnswers looks whether a method writes to what the store inside
// answered.
func (p *trial) leavesAnswers(m *wrapperMethod) {
	a := p.canary()
	w := p.worldFor(m, a)
	m.call(p.ctx, w.store, a)
	for _, method := range w.inner.modified() {
		p.Errorf("%s modified what %s of the store inside returned", m.name, method)
	}
}

// keepsNothing writes to a value after Put and to what Get returned.
func (p *trial) keepsNothing() {
	a := p.canary()
	w := p.world(0)
	value := a.value(a.keys[0])
	if err := w.store.Put(p.ctx, a.collection, a.keys[0], value, a.ttl); err != nil {
		p.Errorf("Put returned %v, want no error", err)
		return
	}
	for range 2 {
		clear(value)
		entry, err := w.store.Get(p.ctx, a.collection, a.keys[0])
		p.wantEntry("Get after the caller wrote to its slices", a, a.keys[0], entry, err)
		value = entry.Value
	}
	entry, err := w.store.Get(p.ctx, a.collection, a.keys[0])
	p.wantEntry("Get after the caller wrote to its slices", a, a.keys[0], entry, err)
}

// keepsNothingOfBatches does the same with bulk calls.
func (p *trial) keepsNothingOfBatches() {
	a := p.canary()
	w := p.world(0)
	items := a.items()
	if err := w.store.PutMany(p.ctx, a.collection, items); err != nil {
		p.Errorf("PutMany returned %v, want no error", err)
		return
	}
	for i := range items {
		clear(items[i].Value)
		items[i] = core.Item{}
	}
	for range 3 {
		entries, err := w.store.GetMany(p.ctx, a.collection, a.keys)
		if err != nil || len(entries) != len(a.keys) {
			p.Errorf("GetMany = %d entries, %v; want %d", len(entries), err, len(a.keys))
			return
		}
		for i, entry := range entries {
			p.wantEntry("GetMany after the caller wrote to its slices", a, a.keys[i], entry, nil)
			clear(entry.Value)
			entries[i] = core.Entry{}
		}
	}
}

package storetest

import (
	"bytes"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// below calls the method on a fresh wrapper and returns what was called below.
func (p *trial) below(m *wrapperMethod, a arguments) []Call {
	w := p.worldFor(m, a)
	if err := m.call(p.ctx, w.store, a).err(); err != nil {
		p.Errorf("%s returned %v, want no error", m.name, err)
	}
	return w.inner.Calls()
}

// expects reports whether calling the method must be seen below.
func (p *trial) expects(m *wrapperMethod) bool {
	least, _, _ := p.options.innerCalls(m.name)
	return least > 0
}

func proveForwarding(p *trial) {
	for m := range p.methods(0) {
		if calls := p.below(m, p.canary()); len(calls) == 0 && p.expects(m) {
			p.Errorf("%s called nothing of the store inside", m.name)
		}
	}
}

func proveCollections(p *trial) {
	a := p.canary()
	for m := range p.methods(0) {
		seen := false
		for _, call := range p.below(m, a) {
			for _, name := range call.collections() {
				switch name := core.CollectionName(name); {
				case p.options.RenamesCollections && name == a.collection:
					p.Errorf("%s(%q) called %s below with the caller's collection, want a renamed one", m.name, a.collection, call.Method)
				case !p.options.RenamesCollections && name != a.collection && m.traits.has(ofCollection):
					p.Errorf("%s(%q) called %s below with collection %q, want it as given", m.name, a.collection, call.Method, name)
				}
				seen = true
			}
		}
		if !seen && m.traits.has(ofCollection) && p.expects(m) {
			p.Errorf("%s(%q) called nothing below that names a collection", m.name, a.collection)
		}
	}
}

// collections returns the collections that the call names.
func (c Call) collections() []string {
	m := findMethod(c.Method)
	switch {
	case c.Method == "Setup":
		return c.Collections
	case m != nil && m.traits.has(ofCollection):
		return []string{c.Collection}
	}
	return nil
}

func proveKeys(p *trial) {
	a := p.canary()
	for m := range p.methods(0) {
		var seen []string
		for _, call := range p.below(m, a) {
			for _, key := range call.Keys {
				switch known := slices.Contains(a.keys, key); {
				case p.options.RenamesKeys && known:
					p.Errorf("%s called %s below with the caller's key %q, want a renamed one", m.name, call.Method, key)
				case !p.options.RenamesKeys && !known:
					p.Errorf("%s called %s below with key %q, want one of %q as given", m.name, call.Method, key, a.keys)
				}
			}
			seen = append(seen, call.Keys...)
		}
		want := 0
		if m.traits.has(ofKeys | isBulk) {
			want = len(a.keys)
		} else if m.traits.has(ofKeys) {
			want = 1
		}
		slices.Sort(seen)
		if seen = slices.Compact(seen); len(seen) < want && p.expects(m) {
			p.Errorf("%s called the store below with keys %q, want %d", m.name, seen, want)
		}
	}
}

func proveValues(p *trial) {
	a := p.canary()
	for m := range p.methods(ofValues) {
		written := p.written(m, a)
		for i, item := range written {
			switch want := a.value(a.keys[i]); {
			case p.options.RecodesValues && bytes.Contains(item.Value, []byte(a.keys[i])):
				p.Errorf("%s wrote the caller's value below, want it recoded", m.name)
			case !p.options.RecodesValues && !bytes.Equal(item.Value, want):
				p.Errorf("%s(%q) wrote the value %.80s below, want %.80s as given", m.name, a.keys[i], item.Value, want)
			}
		}
	}
}

func proveTTLs(p *trial) {
	a := p.canary()
	for m := range p.methods(ofValues) {
		for _, item := range p.written(m, a) {
			switch {
			case p.options.ChangesTTLs && item.TTL == a.ttl:
				p.Errorf("%s wrote the caller's time to live %v below, want another", m.name, item.TTL)
			case !p.options.ChangesTTLs && item.TTL != a.ttl:
				p.Errorf("%s wrote a time to live of %v below, want %v as given", m.name, item.TTL, a.ttl)
			}
		}
	}
}

// written returns the items that a method wrote below, which must be as many
// as it was given, in the same order.
func (p *trial) written(m *wrapperMethod, a arguments) (items []core.Item) {
	for _, call := range p.below(m, a) {
		items = append(items, call.Items...)
	}
	want := 1
	if m.traits.has(isBulk) {
		want = len(a.keys)
	}
	if least, _, same := p.options.innerCalls(m.name); !same && (least == 0 || len(items) > want) {
		return items[:min(want, len(items))]
	}
	if len(items) != want {
		p.Errorf("%s wrote %d items below, want %d", m.name, len(items), want)
		return items[:min(want, len(items))]
	}
	return items
}

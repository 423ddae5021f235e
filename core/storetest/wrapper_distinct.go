package storetest

import (
	"encoding/json"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveDistinctNames(p *trial) {
	if p.options.refuses("Get") {
		return
	}
	w := p.world(0)
	names := slices.Clone(confusing)
	for _, n := range confusing {
		if below, ok := p.translateBy(w, n); ok {
			names = append(names, p.lookalikes(n, below)...)
		}
	}
	p.meetings(w, names, make(map[name]name), "Get")
}

// meetings reports two names that are one below, adding to those taken.
func (p *trial) meetings(w *world, names []name, taken map[name]name, by string) {
	for _, n := range names {
		if !n.legal() {
			continue
		}
		below, ok := p.translateBy(w, n)
		if !ok {
			continue // refused, or answered from elsewhere
		}
		if other, met := taken[below]; met && other != p.meaning(n) {
			p.Errorf("%s: %q and %q are both %q below", by, other, p.meaning(n), below)
			return
		}
		taken[below] = p.meaning(n)
	}
}

func proveTwoConfigurations(p *trial) {
	p.neverMeet()
	if p.options.refuses("Put") || p.options.refuses("Get") {
		return
	}
	first, second := p.canary(), p.canary()
	second.value = func(key string) json.RawMessage { return p.options.Value("second " + key) }
	two := func() (*world, *world) {
		a := p.world(0)
		p.fill(a, first)
		return a, p.beside(a, second)
	}

	a, b := two()
	p.wantHeld("Put through the other configuration", a, first)
	p.wantHeld("Put through the other configuration", b, second)
	for m := range p.methods(0) {
		a, b := two()
		arguments := first
		if m.name == "Put" || m.name == "PutMany" {
			arguments.value = func(key string) json.RawMessage { return p.options.Value("newer " + key) }
		}
		o := m.call(p.ctx, a.store, arguments)
		switch m.name {
		case "Keys":
			p.wantNames("Keys beside another configuration", o, first.keys...)
		case "Collections":
			p.wantNames("Collections beside another configuration", o, first.collection)
		}
		p.wantHeld(m.name+" through the other configuration", b, second)
	}
}

// fill puts entries through the wrapper itself.
func (p *trial) fill(w *world, a arguments) {
	for _, item := range a.items() {
		if err := w.store.Put(p.ctx, a.collection, item.Key, item.Value, item.TTL); err != nil {
			p.Fatalf("Put(%q, %q): %v", a.collection, item.Key, err)
		}
	}
}

// beside returns the second configuration over the store of the first.
func (p *trial) beside(first *world, a arguments) *world {
	w := p.watch(first.faulty, first.inner, p.options.Second(p.t, core.KeepOpen(first.inner)))
	if w.store == nil {
		p.Fatalf("Second returned a %T, which does not implement core.Full", w.wrapper)
	}
	if a.keys != nil {
		p.fill(w, a)
	}
	return w
}

// neverMeet looks for two names, one through each configuration, which are
// one below. It tries those that are made to be confused.
func (p *trial) neverMeet() {
	if p.options.refuses("Get") {
		return
	}
	a := p.world(0)
	b := p.beside(a, arguments{})
	names := append(slices.Clone(confusing), name{p.canary().collection, p.canary().keys[0]})
	throughA, throughB := slices.Clone(names), slices.Clone(names)
	for _, n := range names {
		if below, ok := p.translateBy(a, n); ok {
			throughB = append(throughB, p.lookalikes(n, below)...)
		}
		if below, ok := p.translateBy(b, n); ok {
			throughA = append(throughA, p.lookalikes(n, below)...)
		}
	}
	taken := make(map[name]name)
	for _, n := range throughA {
		if below, ok := p.translateBy(a, n); n.legal() && ok {
			taken[below] = n
		}
	}
	for _, n := range throughB {
		below, ok := p.translateBy(b, n)
		if other, met := taken[below]; n.legal() && ok && met {
			p.Errorf("%q through the first configuration and %q through the second are both %q below", other, n, below)
			return
		}
	}
}

package storetest

import (
	"errors"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveUndecodable(p *trial) {
	for m := range p.methods(ofKeys) {
		a := p.canary()
		w := p.holding(a)
		bad := a.keys[0]
		below := p.translate(a.collection, bad)
		if err := w.faulty.Put(p.ctx, below.collection, below.key, p.options.Undecodable, core.NoTTL); err != nil {
			p.Fatalf("the store inside does not take WrapperOptions.Undecodable: %v", err)
		}
		o := m.call(p.ctx, w.store, a)
		switch m.name {
		case "Get", "GetAppend", "GetMany":
			p.readsCorrupt(w, m, a, o)
		case "Insert":
			if o.yes || o.err() != nil && !errors.Is(o.err(), core.ErrCorrupt) {
				p.Errorf("Insert over an undecodable value = %t, %v; want false, with core.ErrCorrupt or no error", o.yes, o.err())
			}
		case "Put", "PutMany":
			if o.err() != nil {
				p.Errorf("%s over an undecodable value returned %v, want no error", m.name, o.err())
			}
			entry, err := w.store.Get(p.ctx, a.collection, bad)
			p.wantEntry("Get after "+m.name+" over an undecodable value", a, bad, entry, err)
		case "Delete", "DeleteMany":
			if o.err() != nil {
				p.Errorf("%s of an undecodable value returned %v, want no error", m.name, o.err())
			}
			p.wantGone(m.name+" of an undecodable value", w, a.collection, bad)
		}
	}
}

// readsCorrupt looks what a read answered for the first key, which is
// undecodable, and for the others.
func (p *trial) readsCorrupt(w *world, m *wrapperMethod, a arguments, o outcome) {
	if !errors.Is(o.err(), core.ErrCorrupt) {
		p.Errorf("%s of an undecodable value returned %v, want core.ErrCorrupt", m.name, o.err())
		return
	}
	p.checkError(w, m, a, o.err())
	if m.name == "GetMany" {
		if got := core.FailedKeys(o.err()); !slices.Equal(got, a.keys[:1]) || len(o.entries) != len(a.keys) {
			p.Errorf("GetMany of which %q is undecodable = %d entries and an error with failed keys %q, want %d entries", a.keys[0], len(o.entries), got, len(a.keys))
			return
		}
		for i, key := range a.keys[1:] {
			p.wantEntry("GetMany beside an undecodable value", a, key, o.entries[i+1], nil)
		}
	}
	below := p.translate(a.collection, a.keys[0])
	if _, err := w.faulty.Get(p.ctx, below.collection, below.key); err != nil {
		p.Errorf("%s of an undecodable value removed it: a later version may be able to read it", m.name)
	}
}

// lostReply is a network error of the kind that callers repeat a call after.
type lostReply struct{}

func (lostReply) Error() string   { return "the connection broke before the reply" }
func (lostReply) Timeout() bool   { return true }
func (lostReply) Temporary() bool { return true }

func proveLostInsert(p *trial) {
	for m := range p.methods(ofValues) {
		if m.name != "Insert" {
			continue
		}
		a := p.canary()
		w := p.world(0)
		w.faulty.Inject(Fault{Method: "Insert", LoseReply: true, Err: lostReply{}, Times: 1})
		if yes, err := w.store.Insert(p.ctx, a.collection, a.keys[0], a.value(a.keys[0]), a.ttl); !yes && err == nil {
			p.Errorf("Insert that happened, and whose reply was lost, returned false and no error: it was repeated")
		}
	}
}

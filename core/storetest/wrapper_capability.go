package storetest

import (
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveSupports(p *trial) {
	for lost := range core.CanAll.Each {
		p.supports(p.world(lost), core.CanAll&^lost, "an inner store without: "+lost.String())
	}
	p.supports(p.world(0), core.CanAll, "an inner store with every capability")
	p.supports(p.world(core.CanAll), 0, "an inner store that denies every capability")
	p.supports(p.plain(), 0, "an inner store that has the six methods only")
}

// plain returns a wrapper over a store without any optional method.
func (p *trial) plain() *world {
	faulty := NewFaulty(newBase())
	return p.watch(faulty, NewRecorder(faulty), p.wrap(p.t, struct{ core.Store }{faulty}))
}

// supports compares what the wrapper says with what it does and with what its
// options say.
func (p *trial) supports(w *world, inner core.Capability, over string) {
	var has core.Capability
	for m := range p.allMethods(0) {
		err := m.call(p.ctx, w.store, p.canary()).err()
		if m.capability == 0 {
			if errors.Is(err, errors.ErrUnsupported) {
				p.Errorf("%s over %s returned %v, want an answer on every store", m.name, over, err)
			}
			continue
		}
		p.supportsMethod(w, m, p.options.offered(inner).Has(m.capability), err, over)
		if w.store.Supports(m.capability) {
			has |= m.capability
		}
	}
	if !w.store.Supports(0) {
		p.Errorf("Supports(nothing) over %s is false, want true", over)
	}
	if p.options.Skip["supports"] == "" && w.store.Supports(core.CanAll) != has.Has(core.CanAll) && !p.leavesOut() {
		p.Errorf("Supports(%v) over %s is %t, though it says yes to: %v", core.CanAll, over, !has.Has(core.CanAll), has)
	}
}

// leavesOut reports whether a capability is skipped, so that the set of all
// says nothing.
func (p *trial) leavesOut() bool {
	for i := range wrapperMethods {
		if m := &wrapperMethods[i]; m.capability != 0 && p.options.skips(p.proof.name, m.name) != "" {
			return true
		}
	}
	return false
}

// supportsMethod judges what one method answered.
func (p *trial) supportsMethod(w *world, m *wrapperMethod, offered bool, err error, over string) {
	says := w.store.Supports(m.capability)
	unsupported := errors.Is(err, errors.ErrUnsupported)
	switch {
	case says && unsupported:
		p.Errorf("Supports(%v) over %s is true, but %s returned %v", m.capability, over, m.name, err)
	case !says && !unsupported && !p.options.refuses(m.name):
		p.Errorf("Supports(%v) over %s is false, but %s returned %v", m.capability, over, m.name, err)
	case says != offered:
		p.Errorf("Supports(%v) over %s is %t, but the options say %t", m.capability, over, says, offered)
	case unsupported && err != errors.ErrUnsupported:
		p.Errorf("%s over %s wrapped errors.ErrUnsupported, which is returned bare: %v", m.name, over, err)
	case err != nil && !unsupported && !p.options.refuses(m.name):
		p.Errorf("%s over %s returned %v, want no error", m.name, over, err)
	}
}

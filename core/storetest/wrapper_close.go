package storetest

import (
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveClosing(p *trial) {
	p.closesOnce()
	p.closeFails()
	for m := range p.allMethods(0) {
		if !p.options.offered(core.CanAll).Has(m.capability) {
			continue
		}
		a := p.canary()
		w := p.holding(a)
		w.store.Close()
		err := m.call(p.ctx, w.store, a).err()
		if !errors.Is(err, core.ErrClosed) {
			p.Errorf("%s after Close returned %v, want core.ErrClosed", m.name, err)
			continue
		}
		p.checkError(w, m, a, err)
	}
}

// closesOnce looks how often Close reaches the store inside.
func (p *trial) closesOnce() {
	w := p.world(0)
	for range 2 {
		if err := w.store.Close(); err != nil {
			p.Errorf("Close returned %v, want nil", err)
		}
	}
	want := 1
	if p.options.KeepsOpen {
		want = 0
	}
	if got := len(w.inner.Calls("Close")); got != want {
		p.Errorf("closing the wrapper twice closed the store inside %d times, want %d", got, want)
	}
}

// closeFails looks what becomes of an error of the store inside.
func (p *trial) closeFails() {
	if p.options.KeepsOpen {
		return
	}
	w := p.world(0)
	w.faulty.Inject(Fault{Method: "Close", Err: errBelow, Times: 1})
	first, second := w.store.Close(), w.store.Close()
	if !errors.Is(first, errBelow) {
		p.Errorf("Close returned %v where the store inside failed with %v: errors.Is does not hold", first, errBelow)
	}
	if first != nil && (second == nil || second.Error() != first.Error()) {
		p.Errorf("the second Close returned %v, want the same answer as the first: %v", second, first)
	}
	if first != nil && !proper(first) {
		p.Errorf("Close returned a %T: %v; want a *core.Error or a join of those", first, first)
	}
}

func proveClosingBoth(p *trial) {
	var faulty [2]*Faulty
	var inner [2]*Recorder
	causes := [2]error{errBelow, errors.New("and so is the stair")}
	for i := range inner {
		faulty[i] = NewFaulty(newBase())
		inner[i] = NewRecorder(faulty[i])
		faulty[i].Inject(Fault{Method: "Close", Err: causes[i]})
	}
	wrapper := p.options.Both(p.t, inner[0], inner[1])
	err := core.Close(wrapper)
	core.Close(wrapper)
	for i, name := range []string{"first", "second"} {
		if got := len(inner[i].Calls("Close")); got != 1 {
			p.Errorf("closing the wrapper twice closed the %s store %d times, want 1", name, got)
		}
		if !errors.Is(err, causes[i]) {
			p.Errorf("Close returned %v, which is not the error of the %s store: %v", err, name, causes[i])
		}
	}
}

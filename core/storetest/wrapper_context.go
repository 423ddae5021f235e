package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveContexts(p *trial) {
	canceled, cancel := context.WithCancel(p.ctx)
	cancel()
	expired, cancel := context.WithDeadline(p.ctx, time.Unix(0, 0))
	defer cancel()
	for m := range p.allMethods(0) {
		if !p.options.offered(core.CanAll).Has(m.capability) {
			continue
		}
		for _, ctx := range []context.Context{canceled, expired} {
			w := p.holding(p.canary())
			p.refusesContext(w, m, ctx)
			w.store.Close()
			p.refusesContext(w, m, ctx)
		}
	}
}

// refusesContext looks what a method does with a context that is done.
func (p *trial) refusesContext(w *world, m *wrapperMethod, ctx context.Context) {
	w.inner.Reset()
	a := p.canary()
	err := m.call(ctx, w.store, a).err()
	if !errors.Is(err, ctx.Err()) {
		p.Errorf("%s with a context that is done returned %v, want its error %v", m.name, err, ctx.Err())
	} else {
		p.checkError(w, m, a, err)
	}
	for _, call := range w.inner.Calls() {
		if !call.Done && call.Method != "Close" {
			p.Errorf("%s with a context that is done called %s below with one that is not", m.name, call.Method)
		}
	}
}

func proveCancellation(p *trial) {
	for m := range p.methods(0) {
		if p.expects(m) {
			p.cancels(m)
		}
	}
}

// cancels cancels a call while the store inside is at it.
func (p *trial) cancels(m *wrapperMethod) {
	a := p.canary()
	w := p.worldFor(m, a)
	hold := make(chan struct{})
	defer close(hold)
	arrived := make(chan struct{}, 1)
	w.faulty.Inject(Fault{Hold: hold, Match: func(Call) bool {
		select {
		case arrived <- struct{}{}:
		default:
		}
		return true
	}})
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- m.call(ctx, w.store, a).err() }()
	timer := time.NewTimer(p.options.Timeout)
	defer timer.Stop()
	select {
	case <-arrived:
		cancel()
	case err := <-answer:
		p.Errorf("%s returned %v before the store inside answered", m.name, err)
		return
	case <-timer.C:
		p.Errorf("%s did not reach the store inside within %v", m.name, p.options.Timeout)
		return
	}
	select {
	case err := <-answer:
		if !errors.Is(err, context.Canceled) {
			p.Errorf("%s returned %v when its context was canceled, want context.Canceled", m.name, err)
			return
		}
		p.checkError(w, m, a, err)
	case <-timer.C:
		p.Errorf("%s did not return within %v after its context was canceled", m.name, p.options.Timeout)
	}
}

func proveRefusals(p *trial) {
	for m := range p.allMethods(0) {
		if !p.options.refuses(m.name) {
			continue
		}
		want := p.options.Refuses[m.name]
		a := p.canary()
		w := p.holding(a)
		o := m.call(p.ctx, w.store, a)
		if err := o.err(); !errors.Is(err, want) {
			p.Errorf("%s returned %v, want %v", m.name, err, want)
		} else if err != nil {
			p.checkError(w, m, a, err)
		}
		if o.yes || o.count != 0 {
			p.Errorf("%s, which is not permitted, returned %t, %d; want false, 0", m.name, o.yes, o.count)
		}
		if calls := w.inner.Calls(); len(calls) > 0 {
			p.Errorf("%s, which is not permitted, called %s below", m.name, methodsOf(calls))
		}
	}
}

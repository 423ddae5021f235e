package storetest

import (
	"context"
	"errors"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// entryCalls are the methods that read or write entries.
var entryCalls = []string{"Get", "GetAppend", "GetMany", "Put", "PutMany", "Insert", "Delete", "DeleteMany"}

func proveBulk(p *trial) {
	for m := range p.methods(ofKeys) {
		a := p.canary()
		w := p.worldFor(m, a)
		if err := m.call(p.ctx, w.store, a).err(); err != nil {
			p.Errorf("%s returned %v, want no error", m.name, err)
		}
		calls := w.inner.Calls(entryCalls...)
		least, most, same := p.options.innerCalls(m.name)
		if len(calls) < least || len(calls) > most {
			p.Errorf("%s of %d keys made %d calls below (%s), want %d to %d", m.name, len(a.keys), len(calls), methodsOf(calls), least, most)
			continue
		}
		if same && !strings.HasPrefix(m.name, "Get") && calls[0].Method != m.name || same && m.traits.has(isBulk) && calls[0].Method != m.name {
			p.Errorf("%s made a call of %s below, want one of %s", m.name, calls[0].Method, m.name)
		}
	}
}

func methodsOf(calls []Call) string {
	names := make([]string, len(calls))
	for i, call := range calls {
		names[i] = call.Method
	}
	return strings.Join(names, ", ")
}

func proveEmptyBatch(p *trial) {
	for m := range p.methods(ofKeys | isBulk) {
		a := p.canary()
		w := p.holding(a)
		a.keys = nil
		o := m.call(p.ctx, w.store, a)
		if o.err() != nil || len(o.entries) != 0 || o.count != 0 {
			p.Errorf("%s of nothing = %d entries, %d, %v; want nothing and no error", m.name, len(o.entries), o.count, o.err())
		}
		// Passing the empty batch on is a way to ask for context and closed.
		for _, call := range w.inner.Calls() {
			if len(call.Keys) > 0 || call.Method != m.name {
				p.Errorf("%s of nothing called %s of %d keys below", m.name, call.Method, len(call.Keys))
			}
		}
		canceled, cancel := context.WithCancel(p.ctx)
		cancel()
		if err := m.call(canceled, w.store, a).err(); !errors.Is(err, context.Canceled) {
			p.Errorf("%s of nothing with a context that is done returned %v, want its error", m.name, err)
		}
		w.store.Close()
		if err := m.call(p.ctx, w.store, a).err(); !errors.Is(err, core.ErrClosed) {
			p.Errorf("%s of nothing after Close returned %v, want core.ErrClosed", m.name, err)
		}
	}
}

package storetest

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// wrapFunc makes the wrapper under trial.
type wrapFunc = func(t *testing.T, inner core.Store) core.Store

// trial is one run of a proof on a wrapper.
type trial struct {
	reporter
	t       *testing.T
	wrap    wrapFunc
	options *WrapperOptions
	proof   *proof
	ctx     context.Context
	worlds  []*world
}

// on runs the proof on the wrapper.
func (p *proof) on(r reporter, t *testing.T, wrap wrapFunc, options *WrapperOptions) {
	ctx, cancel := context.WithCancel(context.Background())
	trial := &trial{reporter: r, t: t, wrap: wrap, options: options, proof: p, ctx: ctx}
	defer func() {
		cancel()
		for _, w := range trial.worlds {
			w.faulty.Clear()
			core.Close(w.wrapper) // best effort: the proof has had its say
		}
	}()
	p.run(trial)
}

// world is a wrapper over a store of its own, which is watched and can fail.
type world struct {
	inner   *Recorder
	faulty  *Faulty
	wrapper core.Store

	// store is the wrapper; nil in the proof that looks whether it is whole.
	store core.Full
}

// world returns a new wrapper over a new, empty store without the disabled
// capabilities.
func (p *trial) world(disabled core.Capability) *world {
	faulty := NewFaulty(newBase())
	faulty.Disable(disabled)
	return p.over(faulty, NewRecorder(faulty))
}

// over returns a new wrapper over that store.
func (p *trial) over(faulty *Faulty, inner *Recorder) *world {
	return p.watch(faulty, inner, p.wrap(p.t, inner))
}

// watch returns the world of a wrapper over that store.
func (p *trial) watch(faulty *Faulty, inner *Recorder, wrapper core.Store) *world {
	if wrapper == nil {
		p.Fatalf("wrap, or Second, returned no store")
	}
	w := &world{inner: inner, faulty: faulty, wrapper: wrapper}
	w.store, _ = wrapper.(core.Full)
	p.worlds = append(p.worlds, w)
	return w
}

// holding returns a new wrapper over a new store that holds the entries. They
// were put through another wrapper, so that a cache is empty.
func (p *trial) holding(batches ...arguments) *world {
	faulty := NewFaulty(newBase())
	inner := NewRecorder(faulty)
	p.put(inner, batches...)
	inner.Reset()
	return p.over(faulty, inner)
}

// put puts entries into a store, through a wrapper of its own, or directly
// where the wrapper permits no Put.
func (p *trial) put(inner core.Store, batches ...arguments) {
	var store core.Store = core.KeepOpen(inner)
	if !p.options.refuses("Put") {
		store = p.wrap(p.t, store)
	}
	defer core.Close(store)
	for _, a := range batches {
		for _, item := range a.items() {
			if err := store.Put(p.ctx, a.collection, item.Key, item.Value, item.TTL); err != nil {
				p.Fatalf("Put(%q, %q): %v", a.collection, item.Key, err)
			}
		}
	}
}

// canary returns arguments whose names and values are easily told from what
// a wrapper makes of them.
func (p *trial) canary() arguments {
	return arguments{
		collection: "canaries",
		keys:       []string{"norwich", "gloster", "yorkshire"},
		value:      p.options.Value,
		ttl:        p.options.TTL,
	}
}

// otherCollections are those that the proofs use beside that of canary.
var otherCollections = []string{"more canaries", "sparrows"}

// worldFor returns a wrapper for a call of the method, which holds the
// arguments, except for Insert.
func (p *trial) worldFor(m *wrapperMethod, a arguments) *world {
	if m.name == "Insert" {
		return p.world(0)
	}
	return p.holding(a)
}

// methods ranges over those with the traits that the wrapper permits, that it
// offers over a store with every capability, and that are not skipped.
func (p *trial) methods(traits trait) iter.Seq[*wrapperMethod] {
	return func(yield func(*wrapperMethod) bool) {
		for m := range p.allMethods(traits) {
			if p.options.refuses(m.name) || !p.options.offered(core.CanAll).Has(m.capability) {
				continue
			}
			if !yield(m) {
				return
			}
		}
	}
}

// allMethods ranges over those with the traits that are not skipped.
func (p *trial) allMethods(traits trait) iter.Seq[*wrapperMethod] {
	return func(yield func(*wrapperMethod) bool) {
		for i := range wrapperMethods {
			m := &wrapperMethods[i]
			if m.traits.has(apart) || !m.traits.has(traits) || p.options.skips(p.proof.name, m.name) != "" {
				continue
			}
			if !yield(m) {
				return
			}
		}
	}
}

// returns reports whether the function ends in time. If it does not, it is
// left running.
func (p *trial) returns(call func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		call()
	}()
	timer := time.NewTimer(p.options.Timeout)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

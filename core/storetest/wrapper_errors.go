package storetest

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// errBelow is an error that no wrapper knows.
var errBelow = errors.New("the machine room is on fire")

// sentinels are errors that a wrapper must not hide.
var sentinels = []error{errBelow, io.ErrUnexpectedEOF, context.DeadlineExceeded, core.ErrSetup, core.ErrTooLarge, core.ErrClosed}

func proveErrors(p *trial) {
	for m := range p.methods(0) {
		a := p.canary()
		for _, below := range p.calledBelow(m, a) {
			for _, sentinel := range sentinels {
				p.errorOf(m, a, below, sentinel)
			}
			if m.traits.has(ofKeys) {
				p.errorOf(m, a, below, core.ErrCorrupt)
			}
			if m.traits.has(ofCollection) {
				a := a
				a.collection = "" // as given: an error must not say default_collection
				p.errorOf(m, a, below, errBelow)
			}
		}
	}
}

// calledBelow returns the names of the methods that the method calls below.
func (p *trial) calledBelow(m *wrapperMethod, a arguments) (names []string) {
	for _, call := range p.below(m, a) {
		if !slices.Contains(names, call.Method) {
			names = append(names, call.Method)
		}
	}
	return names
}

// errorOf makes a method below fail and looks at the error that comes out.
func (p *trial) errorOf(m *wrapperMethod, a arguments, below string, sentinel error) {
	w := p.worldFor(m, a)
	w.faulty.Inject(Fault{Method: below, Err: sentinel})
	o := m.call(p.ctx, w.store, a)
	err := errors.Join(o.errs...)
	if err == nil {
		p.Errorf("%s returned no error although %s below failed with %v", m.name, below, sentinel)
		return
	}
	if !errors.Is(err, sentinel) {
		p.Errorf("%s returned %q where %s below failed with %v: errors.Is does not hold", m.name, err, below, sentinel)
	}
	for _, err := range o.errs {
		p.checkError(w, m, a, err)
	}
	p.checkNothing(m, o)
}

// checkNothing reports an answer beside the error of a whole call.
func (p *trial) checkNothing(m *wrapperMethod, o outcome) {
	switch {
	case o.yes:
		p.Errorf("%s returned true beside the error %v, want false", m.name, o.err())
	case m.name == "GetMany" && o.entries != nil:
		p.Errorf("GetMany returned %d entries beside an error that speaks of the whole batch, want nil", len(o.entries))
	case m.name == "Get" && !sameEntry(o.entries[0], core.Entry{}), m.name == "GetAppend" && o.entries[0].Value != nil:
		p.Errorf("%s returned an entry beside the error %v, want the zero Entry", m.name, o.err())
	}
}

// checkError reports an error of a shape that callers cannot rely on, or with
// names that are not those which the method was called with.
func (p *trial) checkError(w *world, m *wrapperMethod, a arguments, err error) {
	if !proper(err) {
		p.Errorf("%s returned a %T: %v; want a *core.Error, a join of those, or a bare sentinel", m.name, err, err)
	}
	_ = core.MapErrors(err, func(e core.Error) core.Error {
		if e.Op != operations[m.name] {
			p.Errorf("%s returned an error whose Op is %q, want %q: %v", m.name, e.Op, operations[m.name], &e)
		}
		return e
	})
	for e := range errorsIn(err) {
		for _, bare := range []error{core.ErrNotFound, errors.ErrUnsupported} {
			if errors.Is(e.Err, bare) {
				p.Errorf("%s wrapped %v, which is returned bare: %v", m.name, bare, e)
			}
		}
		if !p.collectionFits(m, a, e.Collection) {
			p.Errorf("%s(%q) returned an error whose Collection is %q, want the caller's as given: %v", m.name, a.collection, e.Collection, e)
		}
		if !p.keyFits(m, a, e.Key) {
			p.Errorf("%s(%q, %q) returned an error whose Key is %q, want the caller's: %v", m.name, a.collection, a.keys, e.Key, e)
		}
	}
	for _, name := range w.translated(a) {
		if text := err.Error(); strings.Contains(text, name) || strings.Contains(text, strings.Trim(strconv.Quote(name), `"`)) {
			p.Errorf("%s(%q, %q) returned an error that shows the name %q from below: %v", m.name, a.collection, a.keys, name, err)
		}
	}
}

// errorsIn ranges over every *core.Error in a tree of errors.
func errorsIn(err error) func(yield func(*core.Error) bool) {
	return func(yield func(*core.Error) bool) { walkErrors(err, yield) }
}

func walkErrors(err error, yield func(*core.Error) bool) bool {
	if e, ok := err.(*core.Error); ok && !yield(e) {
		return false
	}
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		return walkErrors(err.Unwrap(), yield)
	case interface{ Unwrap() []error }:
		for _, part := range err.Unwrap() {
			if !walkErrors(part, yield) {
				return false
			}
		}
	}
	return true
}

// collectionFits reports whether an error of the method may name the
// collection.
func (p *trial) collectionFits(m *wrapperMethod, a arguments, collection string) bool {
	if m.traits.has(ofCollection) && m.name != "Setup" { // Setup takes several
		return collection == a.collection
	}
	return collection == "" || collection == a.collection || slices.Contains(otherCollections, collection)
}

// keyFits reports whether an error of the method may name the key.
func (p *trial) keyFits(m *wrapperMethod, a arguments, key string) bool {
	if m.traits.has(ofKeys) && !m.traits.has(isBulk) {
		return key == a.keys[0]
	}
	return key == "" || slices.Contains(a.keys, key)
}

// translated returns the names that the wrapper used below and that the
// caller knows nothing of.
func (w *world) translated(a arguments) (names []string) {
	add := func(name string) {
		known := slices.Contains(a.keys, name) || slices.Contains(otherCollections, name) || strings.Contains(a.collection, name) || name == core.DefaultCollection
		if name != "" && !known && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, call := range w.inner.Calls() {
		for _, name := range append(call.collections(), call.Keys...) {
			add(name)
		}
	}
	return names
}

func provePartialFailures(p *trial) {
	for m := range p.methods(ofKeys | isBulk) {
		a := p.canary()
		w := p.holding(a)
		key := p.translate(a.collection, a.keys[1]).key
		w.faulty.Inject(Fault{Key: key, Err: errBelow})
		o := m.call(p.ctx, w.store, a)
		w.faulty.Clear()
		err := o.err()
		if !errors.Is(err, errBelow) {
			p.Errorf("%s where one key of three failed below returned %v: errors.Is does not hold", m.name, err)
			continue
		}
		p.checkError(w, m, a, err)
		if got := core.FailedKeys(err); len(got) != 1 || got[0] != a.keys[1] {
			p.Errorf("%s where %q failed returned an error with the failed keys %q: %v", m.name, a.keys[1], got, err)
		}
		switch {
		case m.name == "GetMany" && len(o.entries) != len(a.keys):
			p.Errorf("GetMany where one key of %d failed returned %d entries", len(a.keys), len(o.entries))
		case m.name == "GetMany":
			for i, key := range a.keys {
				if i != 1 {
					p.wantEntry("GetMany", a, key, o.entries[i], nil)
				} else if !sameEntry(o.entries[i], core.Entry{}) {
					p.Errorf("GetMany returned an entry for %q, which failed; want the zero Entry", key)
				}
			}
		case m.name == "DeleteMany":
			if o.count != len(a.keys)-1 {
				p.Errorf("DeleteMany where one key of %d failed returned %d, want the count of the others", len(a.keys), o.count)
			}
			p.wantGone("DeleteMany", w, a.collection, a.keys[0], a.keys[2])
		}
	}
}

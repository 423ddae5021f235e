package storetest

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

func proveListing(p *trial) {
	for m := range p.methods(isListing) {
		list := func(w *world) iter.Seq2[string, error] {
			if m.name == "Keys" {
				return w.store.Keys(p.ctx, p.canary().collection)
			}
			return w.store.Collections(p.ctx)
		}
		below := p.listedBy(m)
		if below == "" {
			continue // it lists by other means, or from elsewhere
		}
		p.listsBadEntries(m, below, list)
		p.listsErrorLast(m, below, list)
		p.listsAnew(m, list)
		p.listsAndReleases(m, list)
		p.listsWithBody(m, list)
		p.listsAndCloses(m, list)
	}
}

// listings returns arguments which make a listing of three names of each kind.
func (p *trial) listings() []arguments {
	a := p.canary()
	b, c := a, a
	b.collection, c.collection = otherCollections[0], otherCollections[1]
	return []arguments{a, b, c}
}

// names returns what the method lists where the store holds listings.
func (p *trial) names(m *wrapperMethod) (names []string) {
	if m.name == "Keys" {
		return slices.Sorted(slices.Values(p.canary().keys))
	}
	for _, a := range p.listings() {
		names = append(names, a.collection)
	}
	return slices.Sorted(slices.Values(names))
}

// listedBy returns the listing below that the method is made of.
func (p *trial) listedBy(m *wrapperMethod) string {
	names := p.calledBelow(m, p.canary())
	for _, name := range []string{m.name, "Keys", "Collections"} {
		if slices.Contains(names, name) {
			return name
		}
	}
	return ""
}

func (p *trial) listsBadEntries(m *wrapperMethod, below string, list func(*world) iter.Seq2[string, error]) {
	w := p.holding(p.listings()...)
	w.faulty.Inject(Fault{Method: below, Err: core.ErrCorrupt, Names: 1})
	o := listed(list(w))
	if slices.Sort(o.names); !slices.Equal(o.names, p.names(m)) {
		p.Errorf("%s of a listing with a bad entry listed %q, want %q", m.name, o.names, p.names(m))
	}
	if !errors.Is(o.err(), core.ErrCorrupt) {
		p.Errorf("%s of a listing with a bad entry returned %v for it, want core.ErrCorrupt", m.name, o.err())
		return
	}
	p.checkError(w, m, p.canary(), o.err())
}

func (p *trial) listsErrorLast(m *wrapperMethod, below string, list func(*world) iter.Seq2[string, error]) {
	w := p.holding(p.listings()...)
	w.faulty.Inject(Fault{Method: below, Err: errBelow, Names: 1})
	failures := 0
	for name, err := range list(w) {
		if failures > 0 {
			p.Errorf("%s yielded %q, %v behind an error, which must be last", m.name, name, err)
		}
		if err == nil {
			continue
		}
		failures++
		if !errors.Is(err, errBelow) || name != "" {
			p.Errorf("%s yielded %q, %v where the store inside failed with %v", m.name, name, err, errBelow)
			continue
		}
		p.checkError(w, m, p.canary(), err)
	}
	if failures == 0 {
		p.Errorf("%s ended without an error where the store inside failed with %v: it looks complete", m.name, errBelow)
	}
}

func (p *trial) listsAnew(m *wrapperMethod, list func(*world) iter.Seq2[string, error]) {
	w := p.holding(p.listings()...)
	names := list(w)
	for _, range_ := range []string{"first", "second"} {
		p.wantNames("the "+range_+" range over "+m.name, listed(names), p.names(m)...)
	}
}

func (p *trial) listsAndReleases(m *wrapperMethod, list func(*world) iter.Seq2[string, error]) {
	w := p.holding(p.listings()...)
	for _, err := range list(w) {
		if err != nil {
			p.Errorf("%s yielded %v first, want a name", m.name, err)
		}
		break
	}
	if open := w.inner.Open(); open != 0 {
		p.Errorf("%s was broken out of, and %d listings below are still held", m.name, open)
	}
}

func (p *trial) listsWithBody(m *wrapperMethod, list func(*world) iter.Seq2[string, error]) {
	a := p.canary()
	w := p.holding(p.listings()...)
	finished := p.returns(func() {
		for _, err := range list(w) {
			if err != nil {
				p.Errorf("%s yielded %v while its body called the same store, want no error", m.name, err)
			}
			for other := range p.methods(ofKeys) {
				if other.name == "Delete" || other.name == "DeleteMany" {
					continue // the listing must not change
				}
				ctx, cancel := context.WithTimeout(p.ctx, p.options.Timeout)
				if err := other.call(ctx, w.store, a).err(); err != nil {
					p.Errorf("%s in the body of %s returned %v, want no error", other.name, m.name, err)
				}
				cancel()
			}
			for _, err := range list(w) {
				if err != nil {
					p.Errorf("%s in its own body yielded %v, want a name", m.name, err)
				}
				break
			}
		}
	})
	if !finished {
		p.Errorf("%s did not end within %v when its body called the same store: something is held while the body runs", m.name, p.options.Timeout)
	}
}

func (p *trial) listsAndCloses(m *wrapperMethod, list func(*world) iter.Seq2[string, error]) {
	w := p.holding(p.listings()...)
	a := p.canary()
	finished := p.returns(func() {
		for _, err := range list(w) {
			w.store.Close()
			if err != nil {
				break
			}
		}
	})
	if !finished {
		p.Errorf("%s did not end within %v when its body closed the store", m.name, p.options.Timeout)
		return
	}
	if _, err := w.store.Get(p.ctx, a.collection, a.keys[0]); !errors.Is(err, core.ErrClosed) {
		p.Errorf("Get after the body of %s closed the store returned %v, want core.ErrClosed", m.name, err)
	}
}

package driver

import (
	"context"
	"errors"
	"iter"

	"github.com/go-keyvalue/keyvalue/core"
)

// Keys ranges over the live keys of the collection.
func (s *Store) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	lister, ok := s.backend.(KeyLister)
	if !ok {
		return unsupported
	}
	return func(yield func(string, error) bool) {
		l := listing{store: s, ctx: ctx, op: "keys", collection: collection, yield: yield}
		if s.options.ListsTwice {
			l.given = make(map[string]struct{})
		}
		l.run(func() (Pager, error) {
			if err := s.checkCollection(collection); err != nil {
				return nil, err
			}
			return lister.Keys(ctx, core.CollectionName(collection))
		})
	}
}

// Collections ranges over the collections that hold a live entry.
func (s *Store) Collections(ctx context.Context) iter.Seq2[string, error] {
	lister, ok := s.backend.(CollectionLister)
	if !ok {
		return unsupported
	}
	return func(yield func(string, error) bool) {
		l := listing{store: s, ctx: ctx, op: "collections", yield: yield}
		l.given = make(map[string]struct{})
		l.run(func() (Pager, error) { return lister.Collections(ctx) })
	}
}

func unsupported(yield func(string, error) bool) { yield("", errors.ErrUnsupported) }

// listing is one range over names. It is inside the store only while it
// fetches a page, so that the body of the loop may call anything.
type listing struct {
	store          *Store
	ctx            context.Context
	op, collection string
	yield          func(string, error) bool
	given          map[string]struct{} // names given on so far, where they may repeat
}

// run gives on page after page until there is none or the caller breaks out.
func (l *listing) run(open func() (Pager, error)) {
	var pager Pager
	err := l.inside(func() (err error) {
		pager, err = open()
		return err
	})
	if l.ended(err) {
		return
	}
	defer pager.Close()
	for more := true; more; {
		var page []Listed
		err := l.inside(func() (err error) {
			page, more, err = pager.Next(l.ctx)
			return err
		})
		if l.ended(err) || !l.give(page) {
			return
		}
	}
}

// ended reports whether an error ends the listing. It gives the error on,
// unless that says that there is no such table, and so nothing to list.
func (l *listing) ended(err error) bool {
	if err != nil && !errors.Is(err, ErrNotSetUp) {
		l.yield("", err)
	}
	return err != nil
}

// inside calls the function as an operation of the store.
func (l *listing) inside(call func() error) error {
	if err := l.store.begin(l.ctx, l.op, l.collection, ""); err != nil {
		return err
	}
	defer l.store.gate.leave()
	if err := call(); err != nil {
		return l.store.fail(l.ctx, l.op, l.collection, "", err)
	}
	return nil
}

// give gives a page on and reports whether to go on.
func (l *listing) give(page []Listed) bool {
	for _, listed := range page {
		if err := l.stopped(); err != nil {
			l.yield("", err)
			return false
		}
		if listed.Err != nil {
			if !l.yield("", l.store.fail(l.ctx, l.op, l.collection, "", listed.Err)) {
				return false
			}
			continue
		}
		if l.isNew(listed) && !l.yield(listed.Name, nil) {
			return false
		}
	}
	return true
}

// stopped returns the error that ends a listing between two names: the body
// may have closed the store or cancelled the context.
func (l *listing) stopped() error {
	cause := l.ctx.Err()
	if cause == nil && l.store.gate.closed() {
		cause = core.ErrClosed
	}
	if cause == nil {
		return nil
	}
	return l.store.refuse(l.op, l.collection, "", cause)
}

// isNew reports whether the name is live and was not given on before.
func (l *listing) isNew(listed Listed) bool {
	if !l.store.visible(listed.ExpiresAt) {
		return false
	}
	if l.given == nil {
		return true
	}
	_, again := l.given[listed.Name]
	l.given[listed.Name] = struct{}{}
	return !again
}

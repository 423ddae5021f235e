package driver

import (
	"context"
	"time"
)

// PageSize is how many names a page has at most.
const PageSize = 1000

// Listed is one name of a listing.
type Listed struct {
	// Name is the key or the collection, as the caller of Put gave it.
	Name string

	// ExpiresAt is when the record expires; zero means never, or that the
	// backend hides expired records. A name is left out of the listing once
	// it has expired.
	ExpiresAt time.Time

	// Err is set for a record that cannot be decoded. It should match
	// core.ErrCorrupt. The Name beside it is not given on: it may be the name
	// of a file, say, and serves [Resume].
	Err error
}

// Pager hands out a listing page by page. Between two calls it holds no lock,
// no iterator, no snapshot and no connection, since the caller may take its
// time and may call the same store.
type Pager interface {
	// Next returns the next page, of at most [PageSize] names, and whether
	// there may be more behind it. A page may be empty. The end is not an
	// error, since a lost connection often reads as io.EOF.
	Next(ctx context.Context) (page []Listed, more bool, err error)

	// Close releases what the listing holds on the server. It is called once,
	// after the last page or earlier, and possibly after the backend was closed.
	Close() error
}

// KeyLister is a Backend that can list the keys of a collection. A key that
// comes twice is given on once only where [Options].ListsTwice says that this
// may happen.
type KeyLister interface {
	Keys(ctx context.Context, collection string) (Pager, error)
}

// CollectionLister is a Backend that can list its collections. Each may come
// any number of times, once for each record even: the Store gives those on
// once that have not expired.
type CollectionLister interface {
	Collections(ctx context.Context) (Pager, error)
}

// Resume returns a Pager for a backend that can list names in some order and
// go on after any name: next returns at most limit names behind the one given,
// or from the first for the empty string. Fewer than limit are the last.
func Resume(next func(ctx context.Context, after string, limit int) ([]Listed, error)) Pager {
	return &resumed{next: next}
}

type resumed struct {
	next  func(ctx context.Context, after string, limit int) ([]Listed, error)
	after string
}

func (r *resumed) Next(ctx context.Context) ([]Listed, bool, error) {
	page, err := r.next(ctx, r.after, PageSize)
	if err != nil || len(page) < PageSize {
		return page, false, err
	}
	r.after = page[len(page)-1].Name
	return page, true, nil
}

func (r *resumed) Close() error { return nil }

// Names returns a Pager over a listing that is at hand already.
func Names(names []Listed) Pager { return &atHand{names} }

type atHand struct{ rest []Listed }

func (a *atHand) Next(context.Context) ([]Listed, bool, error) {
	page := a.rest[:min(PageSize, len(a.rest))]
	a.rest = a.rest[len(page):]
	return page, len(a.rest) > 0, nil
}

func (a *atHand) Close() error { return nil }

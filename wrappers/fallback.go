package wrappers

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// FallbackOptions configure a [Fallback].
type FallbackOptions struct {
	// Secondary is the store to ask when the primary fails. It must be set.
	Secondary core.Store

	// ShouldFallBack reports whether an error of the primary is a failure
	// for which the secondary is asked. Nil means every error except those
	// that say that the call itself was wrong, such as core.ErrInvalidKey,
	// and core.ErrClosed. A miss is not an error and is never asked about.
	ShouldFallBack func(error) bool

	// WriteThrough makes Put, PutMany, Delete and DeleteMany go to the
	// secondary when the primary fails, as reads do.
	WriteThrough bool
}

// Fallback reads from a second store when the first fails. A miss of the first
// is an answer, not a failure.
//
// A bulk read asks the second store for the keys that failed, in one call. If
// the second fails too, the error has both. Nothing is asked of it once the
// caller's context is done, so give the primary a [Timeout].
//
// Writes go to the primary alone. With WriteThrough a write that fails there
// goes to the secondary: then it is found while the primary is down, but
// nothing brings it back to the primary, which answers with what it had when
// it recovers. Insert never falls back, as two stores cannot agree on who was
// first. Listing, destroying, culling and pinging are those of the primary;
// DestroyCollection and Destroy reach the secondary too with WriteThrough, so
// that nothing comes back from it. Setup and Close reach both.
type Fallback struct {
	*life
	inner, second core.Store
	should        func(error) bool
	writeThrough  bool
}

var _ core.Full = (*Fallback)(nil)

// NewFallback returns a Fallback with the store as its primary. A nil store is
// [core.ErrInvalidOptions].
func NewFallback(primary core.Store, options *FallbackOptions) (*Fallback, error) {
	var o FallbackOptions
	if options != nil {
		o = *options
	}
	if primary == nil || o.Secondary == nil {
		return nil, refuseOptions("fallback", "the primary or the secondary store is nil")
	}
	if sameStore(primary, o.Secondary) {
		return nil, refuseOptions("fallback", "the secondary store is the primary")
	}
	f := &Fallback{
		life:  newLife("fallback", primary, o.Secondary),
		inner: primary, second: o.Secondary, should: o.ShouldFallBack, writeThrough: o.WriteThrough,
	}
	if f.should == nil {
		f.should = shouldFallBack
	}
	return f, nil
}

// notOurFault are the errors that the secondary would answer too.
var notOurFault = []error{
	core.ErrInvalidKey, core.ErrInvalidValue, core.ErrInvalidTTL, core.ErrInvalidOptions, core.ErrClosed,
	core.ErrReadOnly, core.ErrTooLarge, core.ErrTooSmall, errors.ErrUnsupported,
}

func shouldFallBack(err error) bool {
	return !slices.ContainsFunc(notOurFault, func(target error) bool { return errors.Is(err, target) })
}

// mayAsk reports whether it makes sense to ask the secondary anything.
func (f *Fallback) mayAsk(ctx context.Context) bool { return ctx.Err() == nil && !f.closing.Load() }

// failed reports whether the secondary is to be asked for a single entry.
func (f *Fallback) failed(ctx context.Context, err error) bool {
	return err != nil && err != core.ErrNotFound && f.mayAsk(ctx) && f.should(err)
}

// both joins the errors of both stores.
func both(first, second error) error {
	if second == nil || second == core.ErrNotFound {
		return second
	}
	return errors.Join(first, second)
}

// Supports reports whether the primary has every capability of the set.
func (f *Fallback) Supports(wanted core.Capability) bool {
	const destroying = core.CanDestroy | core.CanDestroyCollection
	return core.Supports(f.inner, wanted) && (!f.writeThrough || core.Supports(f.second, wanted&destroying))
}

// Get reads the entry from the primary, or if that fails from the secondary.
func (f *Fallback) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := f.inner.Get(ctx, collection, key)
	if !f.failed(ctx, err) {
		return entry, err
	}
	entry, second := f.second.Get(ctx, collection, key)
	return entry, both(err, second)
}

// GetAppend is Get into a buffer. See [core.GetAppend].
func (f *Fallback) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := core.GetAppend(ctx, f.inner, collection, key, dst)
	if !f.failed(ctx, err) {
		return entry, err
	}
	entry, second := core.GetAppend(ctx, f.second, collection, key, dst)
	return entry, both(err, second)
}

// GetMany reads the entries from the primary, and those that fail from the
// secondary.
func (f *Fallback) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	found, err := f.inner.GetMany(ctx, collection, keys)
	if err == nil || !f.mayAsk(ctx) {
		return found, err
	}
	failed := f.sort(err)
	if failed.whole {
		failed.keys = missingKeys(keys, found)
	}
	if len(failed.keys) == 0 {
		return found, err
	}
	second, secondErr := f.second.GetMany(ctx, collection, failed.keys)
	if second == nil {
		if found == nil {
			return nil, both(err, secondErr)
		}
		return found, both(err, ofEach(secondErr, failed.keys))
	}
	entries := merge(keys, found, failed.keys, second)
	if secondErr == nil {
		return entries, joinErrors(failed.kept)
	}
	errs := append(failed.kept, only(err, failedKeys(secondErr)))
	if failed.whole {
		errs = append(errs, err)
	}
	return entries, errors.Join(append(errs, secondErr)...)
}

// missingKeys returns the keys that were not found, or all where nothing was
// answered.
func missingKeys(keys []string, found []core.Entry) []string {
	if found == nil {
		return keys
	}
	var missing []string
	for i, key := range keys {
		if !found[i].Found() {
			missing = append(missing, key)
		}
	}
	return missing
}

// merge returns the entries of the keys: those that the second store has of the
// wanted keys in the place of those of the first.
func merge(keys []string, found []core.Entry, wanted []string, second []core.Entry) []core.Entry {
	places := make(map[string]int, len(wanted))
	for i, key := range wanted {
		places[key] = i
	}
	entries := make([]core.Entry, len(keys))
	copy(entries, found)
	for i, key := range keys {
		if place, ok := places[key]; ok && second[place].Found() {
			entries[i] = second[place]
			entries[i].Value = slices.Clone(second[place].Value) // a key may come twice
		}
	}
	return entries
}

// partial is what became of a bulk call.
type partial struct {
	keys  []string // those that the secondary is to be asked for
	kept  []error  // those that it is not to be asked for
	whole bool     // the error does not say of which keys it speaks
}

// sort takes the error of a bulk call apart.
func (f *Fallback) sort(err error) (p partial) {
	wanted, some := make(map[string]bool), false
	for e := range core.Errors(err) {
		some = true
		switch {
		case !f.should(e):
			p.kept = append(p.kept, e)
		case e.Key == "":
			p.whole = true
		case !wanted[e.Key]:
			wanted[e.Key] = true
			p.keys = append(p.keys, e.Key)
		}
	}
	p.whole = p.whole || !some && f.should(err)
	return p
}

// only returns what the error says of those keys.
func only(err error, keys map[string]bool) error {
	var errs []error
	for e := range core.Errors(err) {
		if keys[e.Key] {
			errs = append(errs, e)
		}
	}
	return joinErrors(errs)
}

// Put writes to the primary, and with WriteThrough to the secondary if that
// fails.
func (f *Fallback) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	err := f.inner.Put(ctx, collection, key, value, ttl)
	if !f.writeThrough || !f.failed(ctx, err) {
		return err
	}
	return both(err, f.second.Put(ctx, collection, key, value, ttl))
}

// PutMany writes to the primary, and with WriteThrough what fails there to the
// secondary.
func (f *Fallback) PutMany(ctx context.Context, collection string, items []core.Item) error {
	err := f.inner.PutMany(ctx, collection, items)
	if err == nil || !f.writeThrough || !f.mayAsk(ctx) {
		return err
	}
	failed := f.sort(err)
	switch {
	case failed.whole:
	case len(failed.keys) == 0:
		return err
	default:
		wanted := setOf(failed.keys)
		items = slices.DeleteFunc(slices.Clone(items), func(item core.Item) bool { return !wanted[item.Key] })
	}
	second := f.second.PutMany(ctx, collection, items)
	if second == nil {
		return joinErrors(failed.kept)
	}
	return errors.Join(err, second)
}

// Insert writes to the primary alone. See [core.Insert].
func (f *Fallback) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	return core.Insert(ctx, f.inner, collection, key, value, ttl)
}

// Delete removes the entry from the primary, and with WriteThrough from the
// secondary if that fails.
func (f *Fallback) Delete(ctx context.Context, collection, key string) (bool, error) {
	deleted, err := f.inner.Delete(ctx, collection, key)
	if !f.writeThrough || !f.failed(ctx, err) {
		return deleted, err
	}
	deleted, second := f.second.Delete(ctx, collection, key)
	return deleted, both(err, second)
}

// DeleteMany removes the entries from the primary, and with WriteThrough those
// that fail from the secondary.
func (f *Fallback) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	deleted, err := f.inner.DeleteMany(ctx, collection, keys)
	if err == nil || !f.writeThrough || !f.mayAsk(ctx) {
		return deleted, err
	}
	failed := f.sort(err)
	switch {
	case failed.whole:
	case len(failed.keys) == 0:
		return deleted, err
	default:
		keys = failed.keys
	}
	more, second := f.second.DeleteMany(ctx, collection, keys)
	if second == nil {
		return deleted + more, joinErrors(failed.kept)
	}
	return deleted + more, errors.Join(err, second)
}

// Keys is [core.Keys] of the primary.
func (f *Fallback) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, f.inner, collection)
}

// Collections is [core.Collections] of the primary.
func (f *Fallback) Collections(ctx context.Context) iter.Seq2[string, error] {
	return core.Collections(ctx, f.inner)
}

// DestroyCollection is [core.DestroyCollection] of the primary, and with
// WriteThrough of the secondary too.
func (f *Fallback) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if !f.Supports(core.CanDestroyCollection) {
		return false, errors.ErrUnsupported
	}
	destroyed, err := core.DestroyCollection(ctx, f.inner, collection)
	if !f.writeThrough {
		return destroyed, err
	}
	too, second := core.DestroyCollection(ctx, f.second, collection)
	return destroyed || too, errors.Join(err, second)
}

// Destroy is [core.Destroy] of the primary, and with WriteThrough of the
// secondary too.
func (f *Fallback) Destroy(ctx context.Context) error {
	if !f.Supports(core.CanDestroy) {
		return errors.ErrUnsupported
	}
	err := core.Destroy(ctx, f.inner)
	if !f.writeThrough {
		return err
	}
	return errors.Join(err, core.Destroy(ctx, f.second))
}

// Cull is [core.Cull] of the primary.
func (f *Fallback) Cull(ctx context.Context) (int, error) { return core.Cull(ctx, f.inner) }

// Ping is [core.Ping] of the primary.
func (f *Fallback) Ping(ctx context.Context) error { return core.Ping(ctx, f.inner) }

// Setup is [core.Setup] of both stores.
func (f *Fallback) Setup(ctx context.Context, collections ...string) error {
	return errors.Join(core.Setup(ctx, f.inner, collections...), core.Setup(ctx, f.second, collections...))
}

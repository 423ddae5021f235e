package storetest

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// brokenClosers are wrappers of the wrong shape, or wrong in listing, closing
// or permitting.
var brokenClosers = []brokenWrapper{
	{"has six methods", "full", plainly(func(s core.Store) core.Store { return struct{ core.Store }{s} }), nil},
	{"has a method of another signature", "full", plainly(func(s core.Store) core.Store { return otherSignature{newObserved(s)} }), nil},
	{"embeds the interface", "promotion", plainly(func(s core.Store) core.Store { return embedsFull{core.KeepOpen(s)} }), nil},
	{"embeds a store of another kind", "promotion", plainly(func(s core.Store) core.Store { return embedsStore{NewRecorder(s)} }), nil},
	{"embeds a base that embeds a store", "promotion", plainly(func(s core.Store) core.Store { return embedsDeeply{helper{core.KeepOpen(s)}} }), nil},
	{"transparent without Unwrap", "unwrap", plainly(newObserved), transparentOptions},
	{"unwraps something else", "unwrap", plainly(func(s core.Store) core.Store { return transparent{newObserved(core.KeepOpen(s))} }), transparentOptions},
	{"permits Delete", "refusals", plainly(func(s core.Store) core.Store { return permitsDelete{newReadOnly(s, false)} }), readOnlyOptions(core.ErrReadOnly)},
	{"says that it wrote", "refusals", plainly(func(s core.Store) core.Store { return saysYes{newReadOnly(s, true)} }), readOnlyOptions(nil)},
	{"answers in silence after Close", "closing", plainly(func(s core.Store) core.Store { return neverClosed{newReadOnly(s, true)} }), readOnlyOptions(nil)},
	{"closes nothing", "closing", plainly(func(s core.Store) core.Store { return closesNothing{newTransparent(s)} }), transparentOptions},
	{"closes as often as it is told", "closing", plainly(func(s core.Store) core.Store { return closesAgain{newTransparent(s)} }), transparentOptions},
	{"hides the error of Close", "closing", plainly(func(s core.Store) core.Store { return closesSilently{newTransparent(s)} }), transparentOptions},
	{"closes a store that is not its own", "closing", plainly(newTransparent), &WrapperOptions{Transparent: true, KeepsOpen: true}},
	{"closes one of two", "closing both", plainly(newObserved), &WrapperOptions{
		Both: func(_ *testing.T, first, _ core.Store) core.Store { return newObserved(first) },
	}},
	{"ends at a bad entry", "listing", plainly(func(s core.Store) core.Store { return endsAtBad{newTransparent(s)} }), transparentOptions},
	{"hides bad entries", "listing", plainly(func(s core.Store) core.Store { return hidesErrors{newTransparent(s)} }), transparentOptions},
	{"goes on behind an error", "listing", plainly(func(s core.Store) core.Store { return goesOn{newTransparent(s)} }), transparentOptions},
	{"ranges once only", "listing", plainly(func(s core.Store) core.Store { return rangesOnce{newTransparent(s)} }), transparentOptions},
	{"holds a listing that was broken out of", "listing", plainly(func(s core.Store) core.Store { return holdsListing{newTransparent(s)} }), transparentOptions},
	{"holds a lock while the body runs", "listing", plainly(func(s core.Store) core.Store { return &holdsLock{transparent: newTransparent(s)} }), impatient(transparentOptions)},
	{"contradicts itself", "options", plainly(newTransparent), &WrapperOptions{
		Transparent: true, RenamesKeys: true, Refuses: map[string]error{"Got": nil}, Skip: map[string]string{"proof": "", "keys/Got": ""},
	}},
}

type otherSignature struct{ *observed }

func (otherSignature) Setup(context.Context) error { return nil }

type embedsFull struct{ core.Full }

type embedsStore struct{ *Recorder }

type helper struct{ core.Full }

type embedsDeeply struct{ helper }

type permitsDelete struct{ *readOnly }

func (p permitsDelete) Delete(ctx context.Context, collection, key string) (bool, error) {
	return p.inner.Delete(ctx, collection, key)
}

type saysYes struct{ *readOnly }

func (s saysYes) Delete(ctx context.Context, collection, key string) (bool, error) {
	err := s.readOnly.refuse(ctx, "delete", collection, key)
	return err == nil, err
}

type neverClosed struct{ *readOnly }

func (n neverClosed) Close() error { return n.observed.Close() }

type closesNothing struct{ transparent }

func (closesNothing) Close() error { return nil }

type closesAgain struct{ transparent }

func (c closesAgain) Close() error { return core.Close(c.inner) }

type closesSilently struct{ transparent }

func (c closesSilently) Close() error {
	_ = c.transparent.Close()
	return nil
}

type endsAtBad struct{ transparent }

func (e endsAtBad) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for key, err := range core.Keys(ctx, e.inner, collection) {
			if !yield(key, err) || err != nil {
				return
			}
		}
	}
}

type hidesErrors struct{ transparent }

func (h hidesErrors) Collections(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for collection, err := range core.Collections(ctx, h.inner) {
			if errors.Is(err, core.ErrCorrupt) {
				continue
			}
			if !yield(collection, err) {
				return
			}
		}
	}
}

type goesOn struct{ transparent }

func (g goesOn) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for key, err := range core.Keys(ctx, g.inner, collection) {
			if !yield(key, err) {
				return
			}
			if err != nil && !errors.Is(err, core.ErrCorrupt) && !errors.Is(err, errors.ErrUnsupported) {
				yield("once more", nil)
			}
		}
	}
}

type rangesOnce struct{ transparent }

func (r rangesOnce) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	next, _ := iter.Pull2(core.Keys(ctx, r.inner, collection))
	return func(yield func(string, error) bool) {
		for key, err, more := next(); more && yield(key, err); key, err, more = next() {
		}
	}
}

type holdsListing struct{ transparent }

func (h holdsListing) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		next, _ := iter.Pull2(core.Keys(ctx, h.inner, collection))
		for key, err, more := next(); more && yield(key, err); key, err, more = next() {
		}
	}
}

type holdsLock struct {
	transparent
	mutex sync.Mutex
}

func (h *holdsLock) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		h.mutex.Lock()
		defer h.mutex.Unlock()
		core.Keys(ctx, h.inner, collection)(yield)
	}
}

func (h *holdsLock) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.inner.GetMany(ctx, collection, keys)
}

// impatient returns the options with a short timeout, for wrappers that hang.
func impatient(options *WrapperOptions) *WrapperOptions {
	changed := *options
	changed.Timeout = 50 * time.Millisecond
	return &changed
}

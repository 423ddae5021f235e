package wrappers

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// gate is what decides when, and whether, a call goes to the store inside.
type gate interface {
	// enter waits until the call may begin, or refuses it. leave must be
	// called once with the call's error.
	enter(ctx context.Context) (leave func(error), err error)
}

// errPanicked is how a call ended that did not return.
var errPanicked = errors.New("the store panicked")

// gated is what transparent wrappers share that delay or refuse calls by what
// other calls do: circuit breaker, bulkhead, rate limit. A listing is one call
// that ends when its first name is there: nothing is held while the loop's
// body runs.
type gated struct {
	*life
	inner core.Store
	gate  gate
}

var (
	_ core.Full      = (*gated)(nil)
	_ core.Unwrapper = (*gated)(nil)
)

// Unwrap returns the store inside.
func (g *gated) Unwrap() core.Store { return g.inner }

// Supports reports whether the store inside has every capability of the set.
func (g *gated) Supports(wanted core.Capability) bool { return core.Supports(g.inner, wanted) }

// enter is that of the gate, for a caller that may be late.
func (g *gated) enter(ctx context.Context, op, collection, key string) (leave func(error), err error) {
	if err := g.check(ctx, op, collection, key); err != nil {
		return nil, err
	}
	leave, err = g.gate.enter(ctx)
	if err != nil {
		return nil, g.fail(op, collection, key, err)
	}
	return leave, nil
}

// Get is [core.Store].Get, through the gate.
func (g *gated) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	leave, err := g.enter(ctx, "get", collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	entry, err := g.inner.Get(ctx, collection, key)
	ended = err
	return entry, err
}

// GetAppend is [core.GetAppend], through the gate.
func (g *gated) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	leave, err := g.enter(ctx, "get", collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	entry, err := core.GetAppend(ctx, g.inner, collection, key, dst)
	ended = err
	return entry, err
}

// GetMany is [core.Store].GetMany, through the gate as one call.
func (g *gated) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	leave, err := g.enter(ctx, "get many", collection, "")
	if err != nil {
		return nil, err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	entries, err := g.inner.GetMany(ctx, collection, keys)
	ended = err
	return entries, err
}

// Put is [core.Store].Put, through the gate.
func (g *gated) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	leave, err := g.enter(ctx, "put", collection, key)
	if err != nil {
		return err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	ended = g.inner.Put(ctx, collection, key, value, ttl)
	return ended
}

// PutMany is [core.Store].PutMany, through the gate as one call.
func (g *gated) PutMany(ctx context.Context, collection string, items []core.Item) error {
	leave, err := g.enter(ctx, "put many", collection, "")
	if err != nil {
		return err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	ended = g.inner.PutMany(ctx, collection, items)
	return ended
}

// Insert is [core.Insert], through the gate.
func (g *gated) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	leave, err := g.enter(ctx, "insert", collection, key)
	if err != nil {
		return false, err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	inserted, err := core.Insert(ctx, g.inner, collection, key, value, ttl)
	ended = err
	return inserted, err
}

// Delete is [core.Store].Delete, through the gate.
func (g *gated) Delete(ctx context.Context, collection, key string) (bool, error) {
	leave, err := g.enter(ctx, "delete", collection, key)
	if err != nil {
		return false, err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	deleted, err := g.inner.Delete(ctx, collection, key)
	ended = err
	return deleted, err
}

// DeleteMany is [core.Store].DeleteMany, through the gate as one call.
func (g *gated) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	leave, err := g.enter(ctx, "delete many", collection, "")
	if err != nil {
		return 0, err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	deleted, err := g.inner.DeleteMany(ctx, collection, keys)
	ended = err
	return deleted, err
}

// DestroyCollection is [core.DestroyCollection], through the gate.
func (g *gated) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	leave, err := g.enter(ctx, "destroy collection", collection, "")
	if err != nil {
		return false, err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	destroyed, err := core.DestroyCollection(ctx, g.inner, collection)
	ended = err
	return destroyed, err
}

// Destroy is [core.Destroy], through the gate.
func (g *gated) Destroy(ctx context.Context) error {
	return g.pass(ctx, "destroy", func() error { return core.Destroy(ctx, g.inner) })
}

// Cull is [core.Cull], through the gate.
func (g *gated) Cull(ctx context.Context) (culled int, err error) {
	err = g.pass(ctx, "cull", func() error {
		culled, err = core.Cull(ctx, g.inner)
		return err
	})
	return culled, err
}

// Setup is [core.Setup], through the gate.
func (g *gated) Setup(ctx context.Context, collections ...string) error {
	return g.pass(ctx, "setup", func() error { return core.Setup(ctx, g.inner, collections...) })
}

// Ping is [core.Ping], through the gate.
func (g *gated) Ping(ctx context.Context) error {
	return g.pass(ctx, "ping", func() error { return core.Ping(ctx, g.inner) })
}

// pass is for calls that are rare: the function costs an allocation.
func (g *gated) pass(ctx context.Context, op string, call func() error) error {
	leave, err := g.enter(ctx, op, "", "")
	if err != nil {
		return err
	}
	ended := errPanicked
	defer func() { leave(ended) }()
	ended = call()
	return ended
}

// Keys is [core.Keys], through the gate until the first key.
func (g *gated) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return g.list(ctx, "keys", collection, core.Keys(ctx, g.inner, collection))
}

// Collections is [core.Collections], through the gate until the first one.
func (g *gated) Collections(ctx context.Context) iter.Seq2[string, error] {
	return g.list(ctx, "collections", "", core.Collections(ctx, g.inner))
}

func (g *gated) list(ctx context.Context, op, collection string, names iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		leave, err := g.enter(ctx, op, collection, "")
		if err != nil {
			yield("", err)
			return
		}
		begun, ended := false, errPanicked
		defer func() {
			if !begun {
				leave(ended)
			}
		}()
		for name, err := range names {
			if !begun {
				begun = true
				leave(err)
			}
			if !yield(name, err) {
				return
			}
		}
		ended = nil
	}
}

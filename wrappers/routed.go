package wrappers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// ErrNoRoute is the error of a call on a collection that is routed to a store
// which does not exist.
var ErrNoRoute = errors.New("no such route")

// routed is what wrappers share that send each collection to one of several
// stores. Every store is known, so that listing, destroying and closing reach
// each.
type routed struct {
	*life
	stores []core.Store // each once

	// route returns the place in stores for the collection, which has its
	// default name.
	route func(collection string) (int, error)
}

var _ core.Full = (*routed)(nil)

// distinct returns each store once, and the place of each given store.
func distinct(given []core.Store) (stores []core.Store, places []int) {
	for _, store := range given {
		place := -1
		for i, known := range stores {
			if sameStore(store, known) {
				place = i
			}
		}
		if place < 0 {
			place = len(stores)
			stores = append(stores, store)
		}
		places = append(places, place)
	}
	return stores, places
}

// Supports reports whether every store has every capability of the set.
func (r *routed) Supports(wanted core.Capability) bool {
	for _, store := range r.stores {
		if !core.Supports(store, wanted) {
			return false
		}
	}
	return true
}

// pick returns the store for a call.
func (r *routed) pick(ctx context.Context, op, collection, key string) (core.Store, error) {
	if err := r.check(ctx, op, collection, key); err != nil {
		return nil, err
	}
	if err := core.CheckCollection(collection); err != nil {
		return nil, r.fail(op, collection, key, err)
	}
	place, err := r.route(core.CollectionName(collection))
	if err != nil {
		return nil, r.fail(op, collection, key, err)
	}
	return r.stores[place], nil
}

// Get is [core.Store].Get on the collection's store.
func (r *routed) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	store, err := r.pick(ctx, "get", collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	return store.Get(ctx, collection, key)
}

// GetAppend is [core.GetAppend] on the collection's store.
func (r *routed) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	store, err := r.pick(ctx, "get", collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	return core.GetAppend(ctx, store, collection, key, dst)
}

// GetMany is [core.Store].GetMany on the collection's store.
func (r *routed) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	store, err := r.pick(ctx, "get many", collection, "")
	if err != nil {
		return nil, err
	}
	return store.GetMany(ctx, collection, keys)
}

// Put is [core.Store].Put on the collection's store.
func (r *routed) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	store, err := r.pick(ctx, "put", collection, key)
	if err != nil {
		return err
	}
	return store.Put(ctx, collection, key, value, ttl)
}

// PutMany is [core.Store].PutMany on the collection's store.
func (r *routed) PutMany(ctx context.Context, collection string, items []core.Item) error {
	store, err := r.pick(ctx, "put many", collection, "")
	if err != nil {
		return err
	}
	return store.PutMany(ctx, collection, items)
}

// Insert is [core.Insert] on the collection's store.
func (r *routed) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if !r.Supports(core.CanInsert) {
		return false, errors.ErrUnsupported
	}
	store, err := r.pick(ctx, "insert", collection, key)
	if err != nil {
		return false, err
	}
	return core.Insert(ctx, store, collection, key, value, ttl)
}

// Delete is [core.Store].Delete on the collection's store.
func (r *routed) Delete(ctx context.Context, collection, key string) (bool, error) {
	store, err := r.pick(ctx, "delete", collection, key)
	if err != nil {
		return false, err
	}
	return store.Delete(ctx, collection, key)
}

// DeleteMany is [core.Store].DeleteMany on the collection's store.
func (r *routed) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	store, err := r.pick(ctx, "delete many", collection, "")
	if err != nil {
		return 0, err
	}
	return store.DeleteMany(ctx, collection, keys)
}

// Keys is [core.Keys] of the collection's store.
func (r *routed) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	if !r.Supports(core.CanKeys) {
		return unsupported
	}
	return func(yield func(string, error) bool) {
		store, err := r.pick(ctx, "keys", collection, "")
		if err != nil {
			yield("", err)
			return
		}
		core.Keys(ctx, store, collection)(yield)
	}
}

// Collections ranges over the collections of every store that are routed to
// it. One that lies elsewhere cannot be reached, and is not listed.
func (r *routed) Collections(ctx context.Context) iter.Seq2[string, error] {
	if !r.Supports(core.CanCollections) {
		return unsupported
	}
	return func(yield func(string, error) bool) {
		for i, store := range r.stores {
			for name, err := range core.Collections(ctx, store) {
				if err == nil {
					if place, err := r.route(name); err != nil || place != i {
						continue
					}
				}
				if !yield(name, err) {
					return
				}
				if err != nil && !errors.Is(err, core.ErrCorrupt) {
					return
				}
			}
		}
	}
}

// DestroyCollection is [core.DestroyCollection] on the collection's store.
func (r *routed) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if !r.Supports(core.CanDestroyCollection) {
		return false, errors.ErrUnsupported
	}
	store, err := r.pick(ctx, "destroy collection", collection, "")
	if err != nil {
		return false, err
	}
	return core.DestroyCollection(ctx, store, collection)
}

// Destroy is [core.Destroy] of every store, whatever lies in it.
func (r *routed) Destroy(ctx context.Context) error {
	if !r.Supports(core.CanDestroy) {
		return errors.ErrUnsupported
	}
	return r.each(func(store core.Store) error { return core.Destroy(ctx, store) })
}

// Cull is [core.Cull] of every store, and the sum of their counts.
func (r *routed) Cull(ctx context.Context) (int, error) {
	if !r.Supports(core.CanCull) {
		return 0, errors.ErrUnsupported
	}
	total := 0
	err := r.each(func(store core.Store) error {
		culled, err := core.Cull(ctx, store)
		total += culled
		return err
	})
	return total, err
}

// Ping is [core.Ping] of every store.
func (r *routed) Ping(ctx context.Context) error {
	if !r.Supports(core.CanPing) {
		return errors.ErrUnsupported
	}
	return r.each(func(store core.Store) error { return core.Ping(ctx, store) })
}

// Setup is [core.Setup] of every store, with those of the collections that are
// routed to it.
func (r *routed) Setup(ctx context.Context, collections ...string) error {
	routes := make([][]string, len(r.stores))
	for _, collection := range collections {
		if err := core.CheckCollection(collection); err != nil {
			return r.fail("setup", collection, "", err)
		}
		place, err := r.route(core.CollectionName(collection))
		if err != nil {
			return r.fail("setup", collection, "", err)
		}
		routes[place] = append(routes[place], collection)
	}
	var errs []error
	for i, store := range r.stores {
		if err := core.Setup(ctx, store, routes[i]...); err != nil {
			errs = append(errs, err)
		}
	}
	return joinErrors(errs)
}

// each calls the function for every store and joins the errors.
func (r *routed) each(call func(core.Store) error) error {
	var errs []error
	for _, store := range r.stores {
		if err := call(store); err != nil {
			errs = append(errs, err)
		}
	}
	return joinErrors(errs)
}

// noRoute returns the error of a collection that is routed to nowhere.
func noRoute(name string) error { return fmt.Errorf("%w: %.64q", ErrNoRoute, name) }

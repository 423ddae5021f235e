package wrappers

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
)

// life is what every wrapper needs that may answer a call without the store
// inside: its name, whether it is closed, and the checks of the arguments,
// which speak of the caller's originals before anything is changed in them.
type life struct {
	name   string
	stores []core.Store

	closing atomic.Bool
	closed  chan struct{} // a channel, as waiting for it is idle in a synctest bubble
	err     error
}

// newLife returns the life of a wrapper that stands over the stores. The name
// is what its errors say in core.Error.Store.
func newLife(name string, stores ...core.Store) *life {
	return &life{name: name, stores: stores, closed: make(chan struct{})}
}

// Close closes every store inside, once, and joins their errors. Closing
// again, also at the same time, gives the same answer.
func (l *life) Close() error {
	if l.closing.CompareAndSwap(false, true) {
		errs := make([]error, 0, len(l.stores))
		for _, store := range l.stores {
			if err := core.Close(store); err != nil {
				errs = append(errs, err)
			}
		}
		l.err = joinErrors(errs)
		close(l.closed)
	}
	<-l.closed
	return l.err
}

// fail returns the error of a call that the wrapper itself refuses.
func (l *life) fail(op, collection, key string, err error) error {
	return &core.Error{Op: op, Store: l.name, Collection: collection, Key: key, Err: err}
}

// check looks at the context, and at whether the wrapper is closed.
func (l *life) check(ctx context.Context, op, collection, key string) error {
	if err := ctx.Err(); err != nil {
		return l.fail(op, collection, key, err)
	}
	if l.closing.Load() {
		return l.fail(op, collection, key, core.ErrClosed)
	}
	return nil
}

// checkCollection is check, and looks at the collection too.
func (l *life) checkCollection(ctx context.Context, op, collection string) error {
	if err := l.check(ctx, op, collection, ""); err != nil {
		return err
	}
	if err := core.CheckCollection(collection); err != nil {
		return l.fail(op, collection, "", err)
	}
	return nil
}

// checkKey is check, and looks at the collection and the key too.
func (l *life) checkKey(ctx context.Context, op, collection, key string) error {
	if err := l.check(ctx, op, collection, key); err != nil {
		return err
	}
	if err := core.CheckCollection(collection); err != nil {
		return l.fail(op, collection, key, err)
	}
	if err := core.CheckKey(key); err != nil {
		return l.fail(op, collection, key, err)
	}
	return nil
}

// checkKeys is checkCollection, and looks at each key too.
func (l *life) checkKeys(ctx context.Context, op, collection string, keys []string) error {
	if err := l.checkCollection(ctx, op, collection); err != nil {
		return err
	}
	for _, key := range keys {
		if err := core.CheckKey(key); err != nil {
			return l.fail(op, collection, key, err)
		}
	}
	return nil
}

// checkItem is checkKey for a write, and looks at the value and the time to
// live too.
func (l *life) checkItem(ctx context.Context, op, collection string, item core.Item) error {
	if err := l.check(ctx, op, collection, item.Key); err != nil {
		return err
	}
	if err := core.CheckCollection(collection); err != nil {
		return l.fail(op, collection, item.Key, err)
	}
	if err := core.CheckItem(item); err != nil {
		return l.fail(op, collection, item.Key, err)
	}
	return nil
}

// checkItems is checkCollection for a bulk write, and looks at each item too.
func (l *life) checkItems(ctx context.Context, op, collection string, items []core.Item) error {
	if err := l.checkCollection(ctx, op, collection); err != nil {
		return err
	}
	for _, item := range items {
		if err := core.CheckItem(item); err != nil {
			return l.fail(op, collection, item.Key, err)
		}
	}
	return nil
}

// joinErrors is errors.Join that leaves a single error as it is.
func joinErrors(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// failedKeys is the set of [core.FailedKeys].
func failedKeys(err error) map[string]bool { return setOf(core.FailedKeys(err)) }

func setOf(keys []string) map[string]bool {
	set := make(map[string]bool, len(keys))
	for _, key := range keys {
		set[key] = true
	}
	return set
}

package adapters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// LoadError is the error of a function that [Typed.GetOrLoad] called to load a
// value.
type LoadError struct {
	Collection, Key string // as given
	Err             error  // what the function returned
}

// Error returns the names and the cause on one line.
func (e *LoadError) Error() string {
	return fmt.Sprintf("load %.128q/%.128q: %v", core.CollectionName(e.Collection), e.Key, e.Err)
}

// Unwrap returns the cause.
func (e *LoadError) Unwrap() error { return e.Err }

// flight is one load that several callers wait for.
type flight struct {
	cancel  context.CancelFunc
	waiting int // guarded by the mutex of Typed
	done    chan struct{}

	object   json.RawMessage // each caller decodes it for itself
	err      error
	panicked any
}

// GetOrLoad returns the value under the key; where there is none it calls load
// and puts what that returns.
//
// However many callers ask for a missing key of this Typed at once, there is
// one load, and each gets a value of its own. The context that load is given
// has the values of the first caller's, and is cancelled when all callers have
// left: one caller that gives up does not fail the others. If load fails, the
// error is a [LoadError] for all of them, and nothing is stored. A value that is
// not valid is core.ErrInvalidValue, and not stored either. If the store fails
// to keep what load returns, the value is returned together with that error.
//
// What another caller has put while load ran is not overwritten, where the
// store can insert: it is the answer then.
func (t *Typed[T]) GetOrLoad(ctx context.Context, key string, ttl time.Duration, load func(context.Context) (T, error)) (T, error) {
	value, err := t.Get(ctx, key)
	if err != core.ErrNotFound {
		return value, err
	}
	f := t.board(ctx, key, ttl, load)
	defer t.leave(f, key)
	select {
	case <-f.done:
	case <-ctx.Done():
		return value, t.fail("get", key, ctx.Err())
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	if f.object == nil {
		return value, f.err
	}
	var loaded T
	if err := t.codec.decode(f.object, &loaded); err != nil { // it does not survive its own JSON
		return value, t.fail("get", key, err)
	}
	return loaded, f.err
}

// board returns the flight for the key: the one under way, or a new one.
func (t *Typed[T]) board(ctx context.Context, key string, ttl time.Duration, load func(context.Context) (T, error)) *flight {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if f, ok := t.flights[key]; ok {
		f.waiting++
		return f
	}
	inside, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{cancel: cancel, waiting: 1, done: make(chan struct{})}
	t.flights[key] = f
	go t.fly(inside, f, key, ttl, load)
	return f
}

// leave takes one caller off. A flight without callers is given up, and the
// next caller begins another.
func (t *Typed[T]) leave(f *flight, key string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if t.flights[key] == f {
		delete(t.flights, key)
	}
}

// fly loads and stores the value.
func (t *Typed[T]) fly(ctx context.Context, f *flight, key string, ttl time.Duration, load func(context.Context) (T, error)) {
	defer func() {
		f.panicked = recover()
		t.mutex.Lock()
		if t.flights[key] == f {
			delete(t.flights, key)
		}
		t.mutex.Unlock()
		close(f.done)
	}()
	// Another flight may have landed since the caller looked.
	if entry, err := t.store.Get(ctx, t.collection, key); err == nil {
		var value T
		if t.codec.decode(entry.Value, &value) == nil {
			f.object = entry.Value
			return
		}
	}
	f.err = t.loadError(key, errNotReturned) // should load end the goroutine
	value, err := load(ctx)
	if err != nil {
		f.err = t.loadError(key, err)
		return
	}
	object, err := t.codec.encode(&value)
	if err != nil {
		f.err = t.fail("put", key, err)
		return
	}
	f.object, f.err = t.keep(ctx, key, object, ttl)
}

// keep stores what was loaded, and returns what is to be answered: what another
// has put meanwhile, if that is there and valid.
func (t *Typed[T]) keep(ctx context.Context, key string, object json.RawMessage, ttl time.Duration) (json.RawMessage, error) {
	inserted, err := core.Insert(ctx, t.store, t.collection, key, object, ttl)
	if inserted || err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, core.ErrCorrupt) {
		return object, err
	}
	if err == nil {
		entry, err := t.store.Get(ctx, t.collection, key)
		var value T
		if err == nil && t.codec.decode(entry.Value, &value) == nil {
			return entry.Value, nil
		}
	}
	return object, t.store.Put(ctx, t.collection, key, object, ttl)
}

// errNotReturned is how a load ended that called runtime.Goexit.
var errNotReturned = errors.New("the function did not return")

func (t *Typed[T]) loadError(key string, err error) error {
	return &LoadError{Collection: t.collection, Key: key, Err: err}
}

package wrappers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// DefaultTimeout is the bound of a [Timeout] whose options name none.
const DefaultTimeout = 5 * time.Second

// TimeoutOptions configure a [Timeout]. Nil and the zero value are valid.
type TimeoutOptions struct {
	// Timeout bounds each call. Zero means [DefaultTimeout].
	Timeout time.Duration

	// Cooperative says that the store inside returns soon after its context
	// is done, so that giving it a context with a deadline is enough. That
	// spares a goroutine and a copy of what is written. If the store does not
	// keep that promise, calls take as long as it takes.
	Cooperative bool
}

// Timeout bounds how long each call takes, also on a store that ignores its
// context. A call that takes longer is an error that matches
// [context.DeadlineExceeded], and so is one whose caller set an earlier
// deadline. The context of the call below is done then: a store that honours
// it stops. One that does not goes on in a goroutine of its own until it comes
// back; what it then answers is dropped. After a timeout the outcome of a
// write is unknown: it may still land.
//
// Of a listing each step is bounded, not the whole, and not the loop's body.
// Close is not bounded: it frees what must be freed.
//
// Timeout is transparent. A Timeout inside of a [Retry] bounds each attempt,
// one outside bounds all of them together.
type Timeout struct {
	*life
	inner       core.Store
	timeout     time.Duration
	cooperative bool
}

var (
	_ core.Full      = (*Timeout)(nil)
	_ core.Unwrapper = (*Timeout)(nil)
)

// NewTimeout returns a Timeout around the store. A negative timeout is
// [core.ErrInvalidOptions].
func NewTimeout(inner core.Store, options *TimeoutOptions) (*Timeout, error) {
	if options == nil {
		options = &TimeoutOptions{}
	}
	if inner == nil {
		return nil, refuseOptions("timeout", "the store inside is nil")
	}
	if options.Timeout < 0 {
		return nil, refuseOptions("timeout", "Timeout is negative")
	}
	t := &Timeout{life: newLife("timeout", inner), inner: inner, timeout: options.Timeout, cooperative: options.Cooperative}
	if t.timeout == 0 {
		t.timeout = DefaultTimeout
	}
	return t, nil
}

// Unwrap returns the store inside.
func (t *Timeout) Unwrap() core.Store { return t.inner }

// Supports reports whether the store inside has every capability of the set.
func (t *Timeout) Supports(wanted core.Capability) bool { return core.Supports(t.inner, wanted) }

// site says where a call is, for its error.
type site struct{ op, collection, key string }

// outcome is how a call below ended.
type outcome[T any] struct {
	result T
	err    error
	panic  any
}

// errNotReturned is what a call panics with that ended its goroutine instead of
// returning, as runtime.Goexit does.
var errNotReturned = errors.New("the store ended its goroutine")

// bounded makes the call with a context that ends in time, and returns in
// time. The call must not touch what belongs to the caller: it may outlive it.
func bounded[T any](ctx context.Context, t *Timeout, at site, call func(context.Context) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, t.fail(at.op, at.collection, at.key, err)
	}
	inTime, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	if t.cooperative {
		return call(inTime)
	}
	done := make(chan outcome[T], 1) // room for an answer that nobody waits for
	go func() {
		out := outcome[T]{panic: errNotReturned}
		defer func() {
			if problem := recover(); problem != nil {
				out.panic = problem
			}
			done <- out
		}()
		out.result, out.err = call(inTime)
		out.panic = nil
	}()
	select {
	case out := <-done:
		return out.unpack()
	case <-inTime.Done():
	}
	select {
	case out := <-done: // at the same moment
		return out.unpack()
	default:
		return none, t.late(ctx, at)
	}
}

// unpack returns the outcome, in the goroutine of the caller.
func (o outcome[T]) unpack() (T, error) {
	if o.panic != nil {
		panic(o.panic)
	}
	return o.result, o.err
}

// late returns the error of a call that took too long.
func (t *Timeout) late(ctx context.Context, at site) error {
	err := ctx.Err()
	if err == nil {
		err = fmt.Errorf("no answer within %v: %w", t.timeout, context.DeadlineExceeded)
	}
	return t.fail(at.op, at.collection, at.key, err)
}

// Get is [core.Store].Get, bounded.
func (t *Timeout) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return bounded(ctx, t, site{"get", collection, key}, func(ctx context.Context) (core.Entry, error) {
		return t.inner.Get(ctx, collection, key)
	})
}

// GetAppend is [core.GetAppend], bounded.
func (t *Timeout) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	if t.cooperative {
		return bounded(ctx, t, site{"get", collection, key}, func(ctx context.Context) (core.Entry, error) {
			return core.GetAppend(ctx, t.inner, collection, key, dst)
		})
	}
	// A late store must not write into what is the caller's again.
	entry, err := t.Get(ctx, collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	entry.Value = append(dst, entry.Value...)
	return entry, nil
}

// GetMany is [core.Store].GetMany, bounded.
func (t *Timeout) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if !t.cooperative {
		keys = slices.Clone(keys)
	}
	return bounded(ctx, t, site{"get many", collection, ""}, func(ctx context.Context) ([]core.Entry, error) {
		return t.inner.GetMany(ctx, collection, keys)
	})
}

// Put is [core.Store].Put, bounded.
func (t *Timeout) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	value = t.own(value)
	_, err := bounded(ctx, t, site{"put", collection, key}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, t.inner.Put(ctx, collection, key, value, ttl)
	})
	return err
}

// PutMany is [core.Store].PutMany, bounded.
func (t *Timeout) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if !t.cooperative {
		items = slices.Clone(items)
		for i := range items {
			items[i].Value = t.own(items[i].Value)
		}
	}
	_, err := bounded(ctx, t, site{"put many", collection, ""}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, t.inner.PutMany(ctx, collection, items)
	})
	return err
}

// own returns the value as a store may use it that comes back late, when the
// caller has put something else into the slice.
func (t *Timeout) own(value json.RawMessage) json.RawMessage {
	if t.cooperative {
		return value
	}
	return bytes.Clone(value)
}

// Insert is [core.Insert], bounded.
func (t *Timeout) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	value = t.own(value)
	return bounded(ctx, t, site{"insert", collection, key}, func(ctx context.Context) (bool, error) {
		return core.Insert(ctx, t.inner, collection, key, value, ttl)
	})
}

// Delete is [core.Store].Delete, bounded.
func (t *Timeout) Delete(ctx context.Context, collection, key string) (bool, error) {
	return bounded(ctx, t, site{"delete", collection, key}, func(ctx context.Context) (bool, error) {
		return t.inner.Delete(ctx, collection, key)
	})
}

// DeleteMany is [core.Store].DeleteMany, bounded.
func (t *Timeout) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if !t.cooperative {
		keys = slices.Clone(keys)
	}
	return bounded(ctx, t, site{"delete many", collection, ""}, func(ctx context.Context) (int, error) {
		return t.inner.DeleteMany(ctx, collection, keys)
	})
}

// DestroyCollection is [core.DestroyCollection], bounded.
func (t *Timeout) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	return bounded(ctx, t, site{"destroy collection", collection, ""}, func(ctx context.Context) (bool, error) {
		return core.DestroyCollection(ctx, t.inner, collection)
	})
}

// Destroy is [core.Destroy], bounded.
func (t *Timeout) Destroy(ctx context.Context) error {
	_, err := bounded(ctx, t, site{op: "destroy"}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, core.Destroy(ctx, t.inner)
	})
	return err
}

// Cull is [core.Cull], bounded.
func (t *Timeout) Cull(ctx context.Context) (int, error) {
	return bounded(ctx, t, site{op: "cull"}, func(ctx context.Context) (int, error) {
		return core.Cull(ctx, t.inner)
	})
}

// Setup is [core.Setup], bounded.
func (t *Timeout) Setup(ctx context.Context, collections ...string) error {
	collections = slices.Clone(collections)
	_, err := bounded(ctx, t, site{op: "setup"}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, core.Setup(ctx, t.inner, collections...)
	})
	return err
}

// Ping is [core.Ping], bounded.
func (t *Timeout) Ping(ctx context.Context) error {
	_, err := bounded(ctx, t, site{op: "ping"}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, core.Ping(ctx, t.inner)
	})
	return err
}

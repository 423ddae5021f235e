package wrappers

import (
	"context"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Destroy is [core.Destroy], observed.
func (w *observed) Destroy(ctx context.Context) error {
	c, o := call{op: opDestroy}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.err = core.Destroy(ctx, w.inner)
	return o.err
}

// Cull is [core.Cull], observed.
func (w *observed) Cull(ctx context.Context) (int, error) {
	c, o := call{op: opCull}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.count, o.err = core.Cull(ctx, w.inner)
	return o.count, o.err
}

// Setup is [core.Setup], observed.
func (w *observed) Setup(ctx context.Context, collections ...string) error {
	c, o := call{op: opSetup, keys: collections}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.err = core.Setup(ctx, w.inner, collections...)
	return o.err
}

// Ping is [core.Ping], observed.
func (w *observed) Ping(ctx context.Context) error {
	c, o := call{op: opPing}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.err = core.Ping(ctx, w.inner)
	return o.err
}

// Keys is [core.Keys], observed: each range over it is one call.
func (w *observed) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return w.list(ctx, call{op: opKeys, collection: collection}, core.Keys(ctx, w.inner, collection))
}

// Collections is [core.Collections], observed: each range over it is one call.
func (w *observed) Collections(ctx context.Context) iter.Seq2[string, error] {
	return w.list(ctx, call{op: opCollections}, core.Collections(ctx, w.inner))
}

// list observes a listing. The time of the loop's body is not counted, and a
// body that breaks out or panics is no failure of the store.
func (w *observed) list(ctx context.Context, c call, names iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		c, o := c, answer{} // each range starts anew
		c.began = w.observer.begin(ctx, c)
		inside := true // the store inside, not the body, is running
		defer func() {
			if inside && o.err == nil {
				o.err = errPanicked
			}
			w.observer.end(ctx, c, o)
		}()
		for name, err := range names {
			if err == nil {
				o.count++
			} else if o.err == nil {
				o.err = err
			}
			inside = false
			if !c.yields(yield, name, err) {
				return
			}
			inside = true
		}
		inside = false
	}
}

// yields hands an element to the body, with the clock stopped.
func (c *call) yields(yield func(string, error) bool, name string, err error) bool {
	if c.began.IsZero() {
		return yield(name, err)
	}
	stopped := time.Now()
	defer func() { c.began = c.began.Add(time.Since(stopped)) }()
	return yield(name, err)
}

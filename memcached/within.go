package memcached

import (
	"context"
	"runtime"
	"sync"
)

// calls lets calls of a client that knows no contexts end with one.
type calls struct {
	concurrency int
	slots       sync.Map // of servers, by address: chan struct{}
}

// slotsOf returns the slots of calls to a server.
func (c *calls) slotsOf(address string) chan struct{} {
	slots, found := c.slots.Load(address)
	if !found {
		slots, _ = c.slots.LoadOrStore(address, make(chan struct{}, c.concurrency))
	}
	return slots.(chan struct{})
}

// within makes a call and returns its result, or the error of the context when
// that is done first. The call then goes on by itself until the driver's
// timeouts end it, and keeps its slot until then: those who wait for a server
// that does not answer are bounded in number. With a context that cannot end
// the call is made at once and without a goroutine.
func within[T any](ctx context.Context, c *calls, address string, call func() (T, error)) (T, error) {
	if ctx.Done() == nil {
		return call()
	}
	var none T
	slots := c.slotsOf(address)
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	done := make(chan outcome[T], 1) // room for an answer that nobody waits for
	go func() {
		var o outcome[T]
		defer func() {
			<-slots
			if !o.returned {
				o.panicked = recover()
			}
			done <- o
		}()
		o.result, o.err = call()
		o.returned = true
	}()
	select {
	case o := <-done:
		return o.unpack()
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// outcome is how a call has ended.
type outcome[T any] struct {
	result   T
	err      error
	returned bool
	panicked any
}

// unpack ends as the call did: a panic of a selector or of a function that
// dials is the caller's, who may recover.
func (o *outcome[T]) unpack() (T, error) {
	if !o.returned {
		if o.panicked == nil {
			runtime.Goexit()
		}
		panic(o.panicked)
	}
	return o.result, o.err
}

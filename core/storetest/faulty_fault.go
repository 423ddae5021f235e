package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Fault is one way in which a [Faulty] misbehaves: which calls it strikes,
// when, and what happens to them. The zero Fault fails every call except Close
// with [ErrInjected].
type Fault struct {
	// Method is the method to strike, such as "Get" or "DeleteMany". Empty
	// means every method except Close.
	Method string

	// Collection is the collection to strike in. Empty means any.
	Collection string

	// Key is the key to strike. Empty means any. In a bulk call it alone
	// fails: the rest is done, and the error joins one *core.Error for each
	// key that failed. A listing fails in its place.
	Key string

	// Match, if set, must also report true. It must not call the store.
	Match func(Call) bool

	// After lets as many matching calls pass first. Of the calls behind them
	// Every strikes one in so many, the third, the sixth … for 3; zero means
	// each. Times ends the fault after so many strikes; zero means never.
	After, Every, Times int

	// Err is the error to fail with; ErrInjected where it is nil. An error
	// that a store may return as it is, a *core.Error or a bare
	// core.ErrNotFound for example, is returned as it is. Others become the
	// cause of a *core.Error with the names of the call.
	Err error

	// Bare returns Err as it is in any case, as a store would that breaks
	// the rule on errors.
	Bare bool

	// Delay is how long the call waits before it goes on or fails. If the
	// context is done meanwhile, the call fails with its error. A fault with
	// a Delay or a Hold and without Err only delays.
	Delay time.Duration

	// Hold, if set, is waited for after Delay: a channel to close.
	Hold <-chan struct{}

	// IgnoreContext waits to the end even when the context is done.
	IgnoreContext bool

	// LoseReply performs the call first, waits, and then fails it: the write
	// has happened, and the caller is not told.
	LoseReply bool

	// Short is how many entries are missing at the end of the answer of
	// GetMany, with no error unless Err is set.
	Short int

	// Names is how many names a listing yields before it fails. A listing
	// that fails with core.ErrCorrupt goes on behind the error.
	Names int
}

// injected is a fault and how often it was met.
type injected struct {
	Fault
	met, struck int
}

// matches reports whether the call is one that the fault speaks of, whatever
// its keys.
func (f *Fault) matches(call Call) bool {
	switch {
	case f.Method != "" && f.Method != call.Method,
		f.Method == "" && call.Method == "Close",
		f.Collection != "" && f.Collection != core.CollectionName(call.Collection):
		return false
	}
	return f.Match == nil || f.Match(call)
}

// due counts a call that matches and reports whether it is to be struck.
func (f *injected) due() bool {
	if f.Times > 0 && f.struck >= f.Times {
		return false
	}
	f.met++
	behind := f.met - f.After
	if behind <= 0 || f.Every > 1 && behind%f.Every != 0 {
		return false
	}
	f.struck++
	return true
}

// fails reports whether a struck call fails, rather than being only late or
// short.
func (f *Fault) fails() bool {
	harmless := f.Delay > 0 || f.Hold != nil || f.Short > 0
	return f.Err != nil || f.LoseReply || !harmless
}

// failure returns the error of a call that was struck.
func (f *Fault) failure(call Call, key string) error {
	cause := f.Err
	if cause == nil {
		cause = ErrInjected
	}
	if f.Bare || proper(cause) {
		return cause
	}
	return failedCall(call, key, cause)
}

// wait spends the delay and returns the error of a call whose context was done
// meanwhile.
func (f *Fault) wait(ctx context.Context, call Call, key string) error {
	done := ctx.Done()
	if f.IgnoreContext {
		done = nil
	}
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-done:
			return failedCall(call, key, ctx.Err())
		}
	}
	if f.Hold != nil {
		select {
		case <-f.Hold:
		case <-done:
			return failedCall(call, key, ctx.Err())
		}
	}
	return nil
}

// failedCall returns the error of a call with that cause.
func failedCall(call Call, key string, cause error) error {
	return &core.Error{
		Op: operations[call.Method], Store: "faulty", Collection: call.Collection, Key: key, Err: cause,
	}
}

// proper reports whether a store may return the error as it is.
func proper(err error) bool {
	if err == core.ErrNotFound || err == errors.ErrUnsupported {
		return true
	}
	switch err := err.(type) {
	case *core.Error:
		return true
	case interface{ Unwrap() []error }:
		for _, part := range err.Unwrap() {
			if !proper(part) {
				return false
			}
		}
		return true
	}
	return false
}

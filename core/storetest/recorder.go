package storetest

import (
	"slices"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// Recorder is a store that remembers what it was asked and passes it on. Put
// it under a wrapper to see what the wrapper makes of a call:
//
//	inner := storetest.NewRecorder(memory.New(nil))
//	store := wrap(inner)
//	store.PutMany(ctx, "users", items)
//	calls := inner.Calls() // one call of PutMany, not several of Put
//
// It has every method of [core.Full] and the capabilities of the store inside.
// A listing counts as a call each time that it is ranged over. Calls of
// Supports are not remembered. A Recorder is safe for concurrent use.
type Recorder struct {
	store core.Store

	mutex sync.Mutex
	calls []Call
	open  int
	given []given
}

var (
	_ core.Full      = (*Recorder)(nil)
	_ core.Unwrapper = (*Recorder)(nil)
)

// NewRecorder returns a Recorder around the store.
func NewRecorder(inner core.Store) *Recorder { return &Recorder{store: inner} }

// Unwrap returns the store inside.
func (r *Recorder) Unwrap() core.Store { return r.store }

// Calls returns the calls so far, in the order in which they arrived: those of
// the methods named, or all.
func (r *Recorder) Calls(methods ...string) []Call {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(methods) == 0 {
		return slices.Clone(r.calls)
	}
	var calls []Call
	for _, call := range r.calls {
		if slices.Contains(methods, call.Method) {
			calls = append(calls, call)
		}
	}
	return calls
}

// Reset forgets the calls so far.
func (r *Recorder) Reset() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.calls, r.given = nil, nil
}

// Open returns how many listings are being ranged over at this moment. It is
// zero when everybody who broke out of a listing has released it.
func (r *Recorder) Open() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.open
}

// saw remembers a call.
func (r *Recorder) saw(call Call) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.calls = append(r.calls, call)
}

// given is an answer that was handed out, and what it was at that moment.
type given struct {
	method    string
	handed    []core.Entry
	unchanged []core.Entry
}

// gave remembers the entries of an answer.
func (r *Recorder) gave(method string, entries []core.Entry) {
	unchanged := slices.Clone(entries)
	for i := range unchanged {
		unchanged[i].Value = slices.Clone(entries[i].Value)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.given = append(r.given, given{method, entries, unchanged})
}

// modified returns the methods whose answers somebody has written to since.
func (r *Recorder) modified() (methods []string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, g := range r.given {
		if !slices.EqualFunc(g.handed, g.unchanged, sameEntry) {
			methods = append(methods, g.method)
		}
	}
	return methods
}

// sameEntry reports whether two entries are the same to the last byte.
func sameEntry(a, b core.Entry) bool {
	return slices.Equal(a.Value, b.Value) && (a.Value == nil) == (b.Value == nil) &&
		a.CreatedAt.Equal(b.CreatedAt) && a.ExpiresAt.Equal(b.ExpiresAt)
}

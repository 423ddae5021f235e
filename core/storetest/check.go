package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// Violation says which case of the suite a store failed. [Check] returns it.
type Violation struct {
	Case  string // the name of the case
	Rules []int  // the numbers of the rules of package core that it checks
	Err   error  // what was wrong
}

// Error returns the case, what was wrong, and the rules in full.
func (v *Violation) Error() string {
	return fmt.Sprintf("%s: %v\n%s", v.Case, v.Err, inFull(v.Rules))
}

// Unwrap returns what was wrong.
func (v *Violation) Unwrap() error { return v.Err }

// Check holds a store to the rules outside of a test: a command can offer it
// to check a server in use. It returns nil, or a join of one [Violation] for
// each case that failed. Options may be nil.
//
// It works in collections of its own, which it removes where the store can,
// and in the default collection under keys that nobody can guess. It leaves
// out the cases that would close or empty the store. Expiry is waited for,
// which takes some seconds. When ctx is done, Check ends with its error.
func Check(ctx context.Context, store core.Store, options *Options) error {
	o := options.withDefaults()
	var violations []error
	for i := range cases {
		c := &cases[i]
		if c.disposable || c.inapplicable(o) != "" || o.Skip[c.name] != "" {
			continue
		}
		v := c.violation(func(r reporter) { c.on(ctx, r, store, o) })
		if err := ctx.Err(); err != nil {
			// Who gave up is the caller, which is no fault of the store.
			return errors.Join(append(violations, err)...)
		}
		if v != nil {
			violations = append(violations, v)
		}
	}
	return errors.Join(violations...)
}

// violation runs the case with a reporter of its own and returns how it
// failed, or nil.
func (c *testCase) violation(run func(reporter)) error {
	var r record
	done := make(chan struct{})
	go func() { // Fatalf ends the goroutine, as in package testing
		defer close(done)
		defer reportPanic(&r)
		run(&r)
	}()
	<-done
	if !r.Failed() {
		return nil
	}
	return &Violation{Case: c.name, Rules: c.rules, Err: errors.New(strings.Join(r.messages, "\n"))}
}

// reportPanic makes a failure of a panic, in a goroutine that it would end the
// whole program from.
func reportPanic(r reporter) {
	if p := recover(); p != nil {
		r.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// record is a reporter that keeps what it is told.
type record struct {
	mutex    sync.Mutex
	messages []string
}

func (r *record) Helper() {}

func (r *record) Errorf(format string, args ...any) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.messages = append(r.messages, fmt.Sprintf(format, args...))
}

func (r *record) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *record) Failed() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return len(r.messages) > 0
}

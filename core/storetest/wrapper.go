package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/go-keyvalue/keyvalue/core"
)

// RunWrapper proves what a wrapper promises, one subtest for each proof: that
// it changes what its options say and nothing else, in every method of
// [core.Full]; that it offers what the store inside can do and no more; that
// errors reach the caller with the caller's names; that a bulk call stays one
// bulk call; that Close reaches what is inside; and more.
//
// wrap makes the wrapper over a store of the suite, which watches what the
// wrapper does and fails on command. It is called many times. Names that it
// configures, such as a prefix, should be words that occur in no error text.
//
// A failure names the proof, what it proves, and the rules of package core that
// it follows from. Nil options are valid.
//
// A wrapper is a store as well: hold it, around a store that is known to be
// good, to [Run] too.
//
//	func TestPrefixKeys(t *testing.T) {
//		storetest.RunWrapper(t, func(t *testing.T, inner core.Store) core.Store {
//			store, err := NewPrefixKeys(inner, &PrefixKeysOptions{Prefix: "tenant"})
//			if err != nil {
//				t.Fatal(err)
//			}
//			return store
//		}, &storetest.WrapperOptions{RenamesKeys: true})
//	}
func RunWrapper(t *testing.T, wrap func(t *testing.T, inner core.Store) core.Store, options *WrapperOptions) {
	t.Helper()
	o := options.withDefaults()
	if wrong := o.contradictions(); len(wrong) > 0 {
		t.Fatalf("WrapperOptions: %s", strings.Join(wrong, "; "))
	}
	for i := range proofs {
		p := &proofs[i]
		if p.inapplicable(o) {
			continue
		}
		passed := t.Run(p.name, func(t *testing.T) {
			if reason := o.Skip[p.name]; reason != "" {
				t.Skip(reason)
			}
			for _, left := range p.leftOut(o) {
				t.Log(left)
			}
			defer func() {
				if t.Failed() {
					t.Logf("%s proves\n%s", p.name, p.text())
				}
			}()
			if o.FakeClock {
				synctest.Test(t, func(t *testing.T) { p.on(t, t, wrap, o) })
				return
			}
			p.on(t, t, wrap, o)
		})
		if !passed && p.first {
			return
		}
	}
}

// checkWrapper is RunWrapper without subtests, so that wrappers which are
// known to be bad can be held to it. It returns a violation for each proof
// that failed. t is only handed to wrap.
func checkWrapper(t *testing.T, wrap func(t *testing.T, inner core.Store) core.Store, options *WrapperOptions) []*wrapperViolation {
	o := options.withDefaults()
	var violations []*wrapperViolation
	if wrong := o.contradictions(); len(wrong) > 0 {
		return []*wrapperViolation{{Proof: "options", Err: errors.New(strings.Join(wrong, "; "))}}
	}
	for i := range proofs {
		p := &proofs[i]
		if p.inapplicable(o) || o.Skip[p.name] != "" {
			continue
		}
		if err := p.violation(t, wrap, o); err != nil {
			violations = append(violations, &wrapperViolation{Proof: p.name, Err: err})
			if p.first {
				break
			}
		}
	}
	return violations
}

// wrapperViolation says which proof a wrapper failed.
type wrapperViolation struct {
	Proof string
	Err   error
}

func (v *wrapperViolation) Error() string {
	return fmt.Sprintf("%s: %v", v.Proof, v.Err)
}

// violation runs the proof with a reporter of its own and returns how it
// failed, or nil.
func (p *proof) violation(t *testing.T, wrap wrapFunc, o *WrapperOptions) error {
	var r record
	done := make(chan struct{})
	go func() { // Fatalf ends the goroutine, as in package testing
		defer close(done)
		p.on(&r, t, wrap, o)
	}()
	<-done
	if !r.Failed() {
		return nil
	}
	return errors.New(strings.Join(r.messages, "; "))
}

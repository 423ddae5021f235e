package storetest

import (
	"testing"
	"testing/synctest"

	"github.com/go-keyvalue/keyvalue/core"
)

// Run holds a store to the rules of package core, one subtest for each case.
// newStore returns a store for one case; several of them may share a database,
// since each case works in collections of its own, except that a case on
// core.Destroy empties it: do not run two suites on one database at once. The
// suite closes the store after each case.
//
// A failure names the rule that it saw broken. Options may be nil; what they
// promise is noted as attributes of the test, storetest-capabilities and so on.
//
// Typical usage:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) core.Store {
//			return mystore.New()
//		}, &storetest.Options{Capabilities: core.CanKeys | core.CanPing})
//	}
func Run(t *testing.T, newStore func(t *testing.T) core.Store, options *Options) {
	t.Helper()
	o := options.withDefaults()
	noteOptions(t, o)
	for name := range o.Skip {
		if findCase(name) == nil {
			t.Errorf("Options.Skip names %q, which is no case", name)
		}
	}
	for i := range cases {
		c := &cases[i]
		if c.inapplicable(o) != "" {
			continue // not a skip: there is nothing that could be tested
		}
		t.Run(c.name, func(t *testing.T) {
			if reason := o.Skip[c.name]; reason != "" {
				t.Skip(reason)
			}
			defer func() {
				if t.Failed() {
					t.Logf("%s checks\n%s", c.name, inFull(c.rules))
				}
			}()
			if c.clock && o.InProcess {
				synctest.Test(t, func(t *testing.T) { c.onOwn(t.Context(), t, newStore(t), o) })
				return
			}
			c.onOwn(t.Context(), t, newStore(t), o)
		})
	}
}

// findCase returns the case of that name, or nil.
func findCase(name string) *testCase {
	for i := range cases {
		if cases[i].name == name {
			return &cases[i]
		}
	}
	return nil
}

package storetest

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// TestStuckStores proves that a store which never answers fails a case instead
// of stopping the suite.
func TestStuckStores(t *testing.T) {
	for name, alter := range map[string]func(*altered){
		"Close after the case did not come back": func(a *altered) {
			a.close = func() error { time.Sleep(time.Hour); return nil }
		},
		"Close did not come back": func(a *altered) {
			a.close = func() error { time.Sleep(time.Hour); return nil }
		},
		"a listing whose body calls the same store did not come back": func(a *altered) {
			a.ping = func(context.Context) error { time.Sleep(time.Hour); return errOfDatabase }
		},
	} {
		found := false
		for i := range cases {
			c := &cases[i]
			if c.clock || len(c.rules) == 1 && c.rules[0] < 13 && c.name != "missing-key" {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				a := &altered{reference: newReference()}
				alter(a)
				o := everything().withDefaults()
				o.Many = 1100
				err := c.violation(func(r reporter) { c.onOwn(t.Context(), r, core.Store(a), o) })
				found = found || err != nil && strings.Contains(err.Error(), name)
				time.Sleep(24 * time.Hour)
			})
		}
		if !found {
			t.Errorf("no case says %q", name)
		}
	}
}

package storetest

import (
	"context"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// kept is a core.KeepOpen that Options.Corrupt can find the shelf under.
type kept struct {
	core.Full
	inner *reference
}

// TestRunOnKeepOpen holds core.KeepOpen to the rules, and wants that closing
// it leaves the store open.
func TestRunOnKeepOpen(t *testing.T) {
	o := everything()
	o.Corrupt = func(ctx context.Context, store core.Store, collection, key string) error {
		return corruptShelf(ctx, store.(*kept).inner, collection, key)
	}
	Run(t, func(t *testing.T) core.Store {
		inner := newReference()
		t.Cleanup(func() {
			if err := inner.Ping(context.Background()); err != nil {
				t.Errorf("closing KeepOpen has closed the store: %v", err)
			}
		})
		return &kept{core.KeepOpen(inner), inner}
	}, o)
}

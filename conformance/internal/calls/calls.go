// Package calls has what the tests of faults of several backends do to a store.
package calls

import (
	"context"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Patience is how much longer than it should a call may take on a busy machine.
const Patience = 30 * time.Second

// All are one call of each method that speaks to the server.
var All = map[string]func(ctx context.Context, s core.Store) error{
	"Get": func(ctx context.Context, s core.Store) error { _, err := s.Get(ctx, "c", "k"); return err },
	"GetMany": func(ctx context.Context, s core.Store) error {
		_, err := s.GetMany(ctx, "c", []string{"k", "l"})
		return err
	},
	"Put": func(ctx context.Context, s core.Store) error { return s.Put(ctx, "c", "k", []byte(`{}`), 0) },
	"PutMany": func(ctx context.Context, s core.Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "k", Value: []byte(`{}`)}, {Key: "l", Value: []byte(`{}`)}})
	},
	"Delete": func(ctx context.Context, s core.Store) error { _, err := s.Delete(ctx, "c", "k"); return err },
	"DeleteMany": func(ctx context.Context, s core.Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"k", "l"})
		return err
	},
	"Insert": func(ctx context.Context, s core.Store) error {
		_, err := core.Insert(ctx, s, "c", "k", []byte(`{}`), 0)
		return err
	},
	"Keys": func(ctx context.Context, s core.Store) error {
		for _, err := range core.Keys(ctx, s, "c") {
			return err
		}
		return nil
	},
	"Collections": func(ctx context.Context, s core.Store) error {
		for _, err := range core.Collections(ctx, s) {
			return err
		}
		return nil
	},
	"DestroyCollection": func(ctx context.Context, s core.Store) error {
		_, err := core.DestroyCollection(ctx, s, "c")
		return err
	},
	"Destroy": core.Destroy,
	"Cull":    func(ctx context.Context, s core.Store) error { _, err := core.Cull(ctx, s); return err },
	"Ping":    core.Ping,
}

// Eventually repeats a call until it succeeds.
func Eventually(t *testing.T, call func() error) {
	t.Helper()
	for end := time.Now().Add(Patience); ; {
		err := call()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

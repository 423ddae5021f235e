package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// calls has a row for each capability: its bit, and its package function.
var calls = []struct {
	op         string
	capability core.Capability
	call       func(context.Context, core.Store) error
}{
	{"keys", core.CanKeys, func(ctx context.Context, s core.Store) error {
		return onlyError(core.Keys(ctx, s, "c"))
	}},
	{"collections", core.CanCollections, func(ctx context.Context, s core.Store) error {
		return onlyError(core.Collections(ctx, s))
	}},
	{"destroy collection", core.CanDestroyCollection, func(ctx context.Context, s core.Store) error {
		existed, err := core.DestroyCollection(ctx, s, "c")
		return agree(existed, err)
	}},
	{"destroy", core.CanDestroy, core.Destroy},
	{"cull", core.CanCull, func(ctx context.Context, s core.Store) error {
		count, err := core.Cull(ctx, s)
		return agree(count == 7, err)
	}},
	{"insert", core.CanInsert, func(ctx context.Context, s core.Store) error {
		inserted, err := core.Insert(ctx, s, "c", "k", json.RawMessage(`{}`), core.NoTTL)
		return agree(inserted, err)
	}},
	{"ping", core.CanPing, core.Ping},
}

// agree returns err, unless the answer beside it is not that of the stub, or
// there is one although the function was not supported.
func agree(answer bool, err error) error {
	if answer == errors.Is(err, errors.ErrUnsupported) {
		return errors.New("the answer beside the error was not passed on")
	}
	return err
}

func onlyError(seq iter.Seq2[string, error]) (err error) {
	n := 0
	for name, e := range seq {
		n++
		err = e
		if name != "" {
			return errors.New("a name beside an error")
		}
	}
	if n != 1 {
		return errors.New("not exactly one element")
	}
	return err
}

func TestCapabilityFunctions(t *testing.T) {
	ctx := t.Context()
	var all core.Capability
	for _, c := range calls {
		all |= c.capability
		t.Run(c.op, func(t *testing.T) {
			if got := c.capability.String(); got != c.op {
				t.Errorf("String = %q", got)
			}
			for _, s := range []core.Store{&able{}, see{&able{}}, see{see{&able{}}}} {
				if err := c.call(ctx, s); !errors.Is(err, errStub) {
					t.Errorf("%T: %v, want the stub's error", s, err)
				}
				if !core.Supports(s, c.capability) {
					t.Errorf("%T: Supports = false", s)
				}
			}
			for _, s := range []core.Store{&stub{}, see{&stub{}}} {
				if err := c.call(ctx, s); err != errors.ErrUnsupported {
					t.Errorf("%T: %v, want a bare ErrUnsupported", s, err)
				}
				if core.Supports(s, c.capability) {
					t.Errorf("%T: Supports = true", s)
				}
			}
			want := c.capability == core.CanPing
			for _, s := range []core.Store{&refuses{}, see{&refuses{}}} {
				if got := core.Supports(s, c.capability); got != want {
					t.Errorf("%T: Supports = %v, want the answer of its own method", s, got)
				}
			}
		})
	}
	if all != core.CanAll {
		t.Errorf("the table has %v, CanAll is %v", all, core.CanAll)
	}
}

func TestCapabilitySet(t *testing.T) {
	set := core.CanKeys | core.CanPing
	if !set.Has(core.CanKeys) || set.Has(core.CanKeys|core.CanCull) || !set.Has(0) {
		t.Error("Has is wrong")
	}
	if got := set.String(); got != "keys, ping" {
		t.Errorf("String = %q", got)
	}
	if got := core.Capability(0).String(); got != "none" {
		t.Errorf("String of the empty set = %q", got)
	}
	if got := core.Capability(1 << 31).String(); got != "unknown" {
		t.Errorf("String of an unknown capability = %q", got)
	}
	var first []core.Capability
	for c := range set.Each {
		first = append(first, c)
		break
	}
	if len(first) != 1 || first[0] != core.CanKeys {
		t.Errorf("Each began with %v", first)
	}
	if core.Supports(&able{}, core.CanAll) != true || core.Supports(&stub{}, 0) != true {
		t.Error("Supports of a set is wrong")
	}
}

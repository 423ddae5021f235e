package memory_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// call is a method of core.Full, called with names of the caller's choice.
type call struct {
	op       string
	hasKey   bool // takes a key
	hasNames bool // takes a collection
	do       func(ctx context.Context, s core.Full, collection, key string) error
}

var calls = []call{
	{"get", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		_, err := s.Get(ctx, c, k)
		return ignoreMiss(err)
	}},
	{"get", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		_, err := s.GetAppend(ctx, c, k, nil)
		return ignoreMiss(err)
	}},
	{"get many", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		entries, err := s.GetMany(ctx, c, []string{"fine", k})
		if (err == nil) != (len(entries) == 2) {
			return errors.New("neither an error nor an entry for each key")
		}
		return err
	}},
	{"put", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		return s.Put(ctx, c, k, value(1), core.NoTTL)
	}},
	{"put many", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		return s.PutMany(ctx, c, []core.Item{{Key: "fine", Value: value(1)}, {Key: k, Value: value(1)}})
	}},
	{"insert", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		_, err := s.Insert(ctx, c, k, value(1), core.NoTTL)
		return err
	}},
	{"delete", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		_, err := s.Delete(ctx, c, k)
		return err
	}},
	{"delete many", true, true, func(ctx context.Context, s core.Full, c, k string) error {
		_, err := s.DeleteMany(ctx, c, []string{"fine", k})
		return err
	}},
	{"keys", false, true, func(ctx context.Context, s core.Full, c, _ string) error { return last(s.Keys(ctx, c)) }},
	{"collections", false, false, func(ctx context.Context, s core.Full, _, _ string) error { return last(s.Collections(ctx)) }},
	{"destroy collection", false, true, func(ctx context.Context, s core.Full, c, _ string) error {
		_, err := s.DestroyCollection(ctx, c)
		return err
	}},
	{"destroy", false, false, func(ctx context.Context, s core.Full, _, _ string) error { return s.Destroy(ctx) }},
	{"cull", false, false, func(ctx context.Context, s core.Full, _, _ string) error {
		_, err := s.Cull(ctx)
		return err
	}},
	{"ping", false, false, func(ctx context.Context, s core.Full, _, _ string) error { return s.Ping(ctx) }},
	{"setup", false, true, func(ctx context.Context, s core.Full, c, _ string) error { return s.Setup(ctx, c) }},
}

func ignoreMiss(err error) error {
	if err == core.ErrNotFound {
		return nil
	}
	return err
}

func last(seq iter.Seq2[string, error]) (err error) {
	for _, err = range seq {
	}
	return err
}

// everywhere runs a test on each method of each store, Null too.
func everywhere(t *testing.T, test func(t *testing.T, s core.Full, c call)) {
	open := map[string]func(t testing.TB) core.Full{"null": func(testing.TB) core.Full { return memory.NewNull() }}
	maps.Copy(open, stores)
	for name, open := range open {
		for _, c := range calls {
			t.Run(name+"/"+c.op, func(t *testing.T) { test(t, open(t), c) })
		}
	}
}

func TestLegalCall(t *testing.T) {
	everywhere(t, func(t *testing.T, s core.Full, c call) {
		if err := c.do(t.Context(), s, "", "k"); err != nil {
			t.Error(err)
		}
		if !s.Supports(core.CanAll) {
			t.Error("Supports = false")
		}
	})
}

// Checks come in the order context, closed, arguments.
func TestOrderOfChecks(t *testing.T) {
	everywhere(t, func(t *testing.T, s core.Full, c call) {
		done, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.do(done, s, "\xff", ""); !isError(err, c.op, context.Canceled) {
			t.Errorf("context done: %v", err)
		}
		if c.hasNames {
			if err := c.do(t.Context(), s, "\xff", "k"); !isError(err, c.op, core.ErrInvalidKey) {
				t.Errorf("illegal collection: %v", err)
			}
		}
		if c.hasKey {
			for _, key := range []string{"", "\xff"} {
				if err := c.do(t.Context(), s, "c", key); !isError(err, c.op, core.ErrInvalidKey) {
					t.Errorf("illegal key: %v", err)
				}
			}
			if has(t, s, "c", "fine") {
				t.Error("a part of a refused batch was written")
			}
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Errorf("Close = %v", err)
			}
		}
		if err := c.do(t.Context(), s, "\xff", ""); !isError(err, c.op, core.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
		if err := c.do(done, s, "c", "k"); !isError(err, c.op, context.Canceled) {
			t.Errorf("context done and closed: %v", err)
		}
	})
}

func TestIllegalItem(t *testing.T) {
	everywhere(t, func(t *testing.T, s core.Full, c call) {
		for _, bad := range []core.Item{
			{Key: "k", Value: json.RawMessage(`[]`)}, {Key: "k"}, {Key: "k", Value: value(1), TTL: -1},
		} {
			_, err := s.Insert(t.Context(), "c", bad.Key, bad.Value, bad.TTL)
			for op, err := range map[string]error{
				"put":      s.Put(t.Context(), "c", bad.Key, bad.Value, bad.TTL),
				"put many": s.PutMany(t.Context(), "c", []core.Item{{Key: "fine", Value: value(1)}, bad}),
				"insert":   err,
			} {
				if !isError(err, op, core.ErrInvalidValue) && !isError(err, op, core.ErrInvalidTTL) {
					t.Errorf("%s: %v", op, err)
				}
			}
			if len(keys(t, s, "c")) > 0 {
				t.Error("something was written")
			}
		}
	})
}

func TestEmptyBatch(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		batches := func(ctx context.Context) (errs []error) {
			_, err := s.GetMany(ctx, "", nil)
			errs = append(errs, err, s.PutMany(ctx, "", nil))
			_, err = s.DeleteMany(ctx, "", nil)
			return append(errs, err)
		}
		if err := errors.Join(batches(t.Context())...); err != nil {
			t.Error(err)
		}
		s.Close()
		for _, err := range batches(t.Context()) {
			if !errors.Is(err, core.ErrClosed) {
				t.Error(err)
			}
		}
	})
}

func TestNullForgets(t *testing.T) {
	s := memory.NewNull()
	for range 2 {
		if inserted, err := s.Insert(t.Context(), "", "k", value(1), core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert = %v, %v", inserted, err)
		}
	}
	if err := s.Put(t.Context(), "", "k", value(1), core.NoTTL); err != nil {
		t.Error(err)
	}
	if has(t, s, "", "k") || len(keys(t, s, "")) > 0 || len(collect(t, s.Collections(t.Context()))) > 0 {
		t.Error("Null remembers")
	}
	deleted, _ := s.Delete(t.Context(), "", "k")
	count, _ := s.DeleteMany(t.Context(), "", []string{"k"})
	existed, _ := s.DestroyCollection(t.Context(), "")
	if deleted || count > 0 || existed {
		t.Error("Null had something to delete")
	}
}

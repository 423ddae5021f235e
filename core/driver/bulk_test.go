package driver_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Both kinds of backend, with bulk methods and without, behave alike.
func eachKind(t *testing.T, test func(t *testing.T, s *driver.Store, f *fake, bulk bool)) {
	t.Run("single", func(t *testing.T) {
		f := newFake()
		test(t, driver.NewStore(f, &driver.Options{Name: "fake"}), f, false)
	})
	t.Run("bulk", func(t *testing.T) {
		f := newFake()
		test(t, driver.NewStore(&batched{fake: f}, &driver.Options{Name: "fake"}), f, true)
	})
}

func TestBulkDuplicates(t *testing.T) {
	for _, n := range []int{4, 40} { // few keys are compared, many hashed
		eachKind(t, func(t *testing.T, s *driver.Store, f *fake, _ bool) {
			var items []core.Item
			var keys []string
			for i := range n {
				key := fmt.Sprintf("k%d", i%(n/2))
				items = append(items, core.Item{Key: key, Value: fmt.Appendf(nil, `{"i":%d}`, i)})
				keys = append(keys, key)
			}
			if err := s.PutMany(t.Context(), "c", items); err != nil {
				t.Fatal(err)
			}
			entries, err := s.GetMany(t.Context(), "c", keys)
			if err != nil || len(entries) != n {
				t.Fatalf("GetMany = %d entries, %v", len(entries), err)
			}
			for i, entry := range entries {
				if want := fmt.Sprintf(`{"i":%d}`, i%(n/2)+n/2); string(entry.Value) != want {
					t.Errorf("entry %d = %s, want the last put: %s", i, entry.Value, want)
				}
			}
			entries[0].Value[0] = '!'
			if entries[n/2].Value[0] == '!' {
				t.Error("two places of one key share a value")
			}
			if count, err := s.DeleteMany(t.Context(), "c", keys); count != n/2 || err != nil {
				t.Errorf("DeleteMany = %d, %v, want %d", count, err, n/2)
			}
		})
	}
}

func TestBulkPartialFailure(t *testing.T) {
	eachKind(t, func(t *testing.T, s *driver.Store, f *fake, bulk bool) {
		breaks := func(_ context.Context, op, key string) error {
			if bulk {
				return driver.KeyErrors{"b": errBroken, "d": core.ErrCorrupt}
			}
			return map[string]error{"b": errBroken, "d": core.ErrCorrupt}[key]
		}
		expect := func(op string, err error) {
			t.Helper()
			if got := core.FailedKeys(err); !slices.Equal(got, []string{"d", "b"}) {
				t.Errorf("%s: failed keys = %q in %v", op, got, err)
			}
			if !errors.Is(err, errBroken) || !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("%s lost a cause: %v", op, err)
			}
			if text := err.Error(); !strings.Contains(text, `fake: `+op+` "c"/"b": the connection broke`) {
				t.Errorf("%s: %v", op, err)
			}
		}
		f.before = breaks
		err := s.PutMany(t.Context(), "c", []core.Item{item("a"), item("d"), item("b"), item("c")})
		expect("put many", err)
		entries, err := s.GetMany(t.Context(), "c", []string{"a", "d", "b", "missing", "c"})
		expect("get many", err)
		var found []int
		for i, entry := range entries {
			if entry.Found() {
				found = append(found, i)
			}
		}
		if !slices.Equal(found, []int{0, 4}) || len(entries) != 5 {
			t.Errorf("GetMany found %v of %d", found, len(entries))
		}
		count, err := s.DeleteMany(t.Context(), "c", []string{"a", "d", "b", "c"})
		expect("delete many", err)
		if count != 2 {
			t.Errorf("DeleteMany = %d, want the 2 that did not fail", count)
		}
	})
}

// A backend that fails as a whole is one error without a key, and a read
// returns nothing beside it.
func TestBulkWholeFailure(t *testing.T) {
	f := newFake()
	s := driver.NewStore(&batched{fake: f}, nil)
	f.before = func(context.Context, string, string) error { return errBroken }
	entries, getErr := s.GetMany(t.Context(), "c", []string{"a", "b"})
	if entries != nil {
		t.Errorf("GetMany = %v beside an error", entries)
	}
	_, deleteErr := s.DeleteMany(t.Context(), "c", []string{"a"})
	for _, err := range []error{getErr, s.PutMany(t.Context(), "c", []core.Item{item("a")}), deleteErr} {
		var e *core.Error
		if !errors.As(err, &e) || e.Key != "" || e.Collection != "c" || !errors.Is(err, errBroken) {
			t.Errorf("error = %#v", err)
		}
	}
}

func TestShortAnswer(t *testing.T) {
	s := driver.NewStore(&batched{fake: newFake(), short: 1}, nil)
	if entries, err := s.GetMany(t.Context(), "c", []string{"a", "b"}); err == nil || entries != nil {
		t.Errorf("GetMany = %v, %v; want an error for an answer that is too short", entries, err)
	}
}

func TestBulkChecksFirst(t *testing.T) {
	eachKind(t, func(t *testing.T, s *driver.Store, f *fake, _ bool) {
		err := s.PutMany(t.Context(), "c", []core.Item{item("a"), {Key: "b", Value: []byte(`[]`)}})
		if !errors.Is(err, core.ErrInvalidValue) || !slices.Equal(core.FailedKeys(err), []string{"b"}) {
			t.Errorf("PutMany = %v", err)
		}
		if _, err := s.GetMany(t.Context(), "c", []string{"a", ""}); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("GetMany = %v", err)
		}
		if _, err := s.DeleteMany(t.Context(), "\xff", nil); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("DeleteMany = %v", err)
		}
		if err := s.PutMany(t.Context(), "\xff", nil); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("PutMany of nothing = %v", err)
		}
		for range 2 { // an empty batch does nothing, and is no error
			entries, err := s.GetMany(t.Context(), "c", nil)
			count, deleteErr := s.DeleteMany(t.Context(), "c", nil)
			if entries == nil || len(entries) != 0 || count != 0 || errors.Join(err, deleteErr, s.PutMany(t.Context(), "c", nil)) != nil {
				t.Error("an empty batch was not answered with nothing")
			}
		}
		if len(f.calls) != 0 {
			t.Errorf("the backend was called: %q", f.calls)
		}
	})
}

// Without bulk methods a bulk call makes a bounded number of calls at once.
func TestBulkConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := driver.NewStore(f, &driver.Options{Concurrency: 3})
		var running, most atomic.Int64
		f.before = func(context.Context, string, string) error {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
			return nil
		}
		keys := strings.Split(strings.Repeat("x", 10), "")
		for i := range keys {
			keys[i] = fmt.Sprint(i)
		}
		start := time.Now()
		if _, err := s.GetMany(t.Context(), "c", keys); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 4*time.Second || most.Load() != 3 {
			t.Errorf("10 calls of a second took %v, %d at once; want 4s, 3", took, most.Load())
		}
	})
}

// A context that is done in the middle fails the keys that are left.
func TestBulkCancelled(t *testing.T) {
	f := newFake()
	s := driver.NewStore(f, &driver.Options{Concurrency: 1})
	ctx, cancel := context.WithCancel(t.Context())
	f.before = func(_ context.Context, _, key string) error {
		if key == "b" {
			cancel()
		}
		return nil
	}
	err := s.PutMany(ctx, "c", []core.Item{item("a"), item("b"), item("c"), item("d")})
	if got := core.FailedKeys(err); !slices.Equal(got, []string{"c", "d"}) || !errors.Is(err, context.Canceled) {
		t.Errorf("PutMany = %v, want c and d cancelled", err)
	}
}

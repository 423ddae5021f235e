package wrappers_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestGuardedOptions(t *testing.T) {
	inner := newNoop(nil)
	for name, err := range map[string]error{
		"no limit":         errorOf(wrappers.NewLimitSize(inner, nil)),
		"negative minimum": errorOf(wrappers.NewLimitSize(inner, &wrappers.LimitSizeOptions{MinSize: -1})),
		"negative maximum": errorOf(wrappers.NewLimitSize(inner, &wrappers.LimitSizeOptions{MaxSize: -1})),
		"crossed sizes":    errorOf(wrappers.NewLimitSize(inner, &wrappers.LimitSizeOptions{MinSize: 2, MaxSize: 1})),
		"crossed times":    errorOf(wrappers.NewTTLClamp(inner, &wrappers.TTLClampOptions{Min: 2, Max: 1})),
		"negative min":     errorOf(wrappers.NewTTLClamp(inner, &wrappers.TTLClampOptions{Min: -1})),
		"negative max":     errorOf(wrappers.NewTTLClamp(inner, &wrappers.TTLClampOptions{Max: -1})),
		"negative missing": errorOf(wrappers.NewTTLClamp(inner, &wrappers.TTLClampOptions{Missing: -1})),
		"no value":         errorOf(wrappers.NewDefaultValue(inner, nil)),
		"no object":        errorOf(wrappers.NewDefaultValue(inner, &wrappers.DefaultValueOptions{Value: json.RawMessage(`[1]`)})),
		"negative TTL":     errorOf(wrappers.NewDefaultValue(inner, &wrappers.DefaultValueOptions{Value: json.RawMessage(`{}`), TTL: -1})),
		"limit over nil":   errorOf(wrappers.NewLimitSize(nil, &wrappers.LimitSizeOptions{MaxSize: 1})),
		"clamp over nil":   errorOf(wrappers.NewTTLClamp(nil, nil)),
		"read-only nil":    errorOf(wrappers.NewReadOnly(nil, nil)),
		"default over nil": errorOf(wrappers.NewDefaultValue(nil, &wrappers.DefaultValueOptions{Value: json.RawMessage(`{}`)})),
	} {
		if !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// errorOf returns the error of a constructor.
func errorOf[T any](_ T, err error) error { return err }

func TestLimitSizeVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/limit_size.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []struct {
			Name      string
			Value     json.RawMessage
			Values    []json.RawMessage
			Size      int
			MinSize   *int  `json:"min_size"`
			MaxSize   *int  `json:"max_size"`
			TooSmall  bool  `json:"raise_on_too_small"`
			TooLarge  *bool `json:"raise_on_too_large"`
			Error     string
			Forwarded any
		}
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	estimates, decisions := 0, 0
	for _, c := range vectors.Cases {
		switch {
		case c.Size > 0:
			estimates++
			// The limit at the size lets it in, the limit below does not.
			for limit, want := range map[int]error{c.Size: nil, c.Size - 1: core.ErrTooLarge} {
				store := wrapping(wrappers.NewLimitSize, &wrappers.LimitSizeOptions{MaxSize: limit})(t, newMemory(t))
				if err := store.Put(t.Context(), "c", "k", c.Value, 0); !errors.Is(err, want) {
					t.Errorf("%s of size %d with limit %d: %v", c.Value, c.Size, limit, err)
				}
			}
		case c.Value != nil && (c.MinSize != nil || c.MaxSize != nil):
			options := &wrappers.LimitSizeOptions{RefuseTooSmall: c.TooSmall, DropTooLarge: c.TooLarge != nil && !*c.TooLarge}
			if c.MinSize != nil {
				options.MinSize = *c.MinSize
			}
			if c.MaxSize != nil {
				options.MaxSize = *c.MaxSize
			}
			if options.MinSize == 0 && options.MaxSize == 0 || options.MaxSize > 0 && options.MinSize > options.MaxSize {
				continue // refused here
			}
			decisions++
			recorder := storetest.NewRecorder(newMemory(t))
			err := wrapping(wrappers.NewLimitSize, options)(t, recorder).Put(t.Context(), "c", "k", c.Value, 0)
			want := map[string]error{"EntryTooLargeError": core.ErrTooLarge, "EntryTooSmallError": core.ErrTooSmall, "": nil}[c.Error]
			if !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", c.Name, err, want)
			}
			if forwarded, ok := c.Forwarded.(bool); ok && forwarded != (len(recorder.Calls()) > 0) {
				t.Errorf("%s: %d calls below, want some: %t", c.Name, len(recorder.Calls()), forwarded)
			}
		}
	}
	if estimates < 6 || decisions < 4 {
		t.Errorf("%d estimates and %d decisions", estimates, decisions)
	}
}

func TestLimitSizeBulk(t *testing.T) {
	recorder := storetest.NewRecorder(newMemory(t))
	limit := func(options *wrappers.LimitSizeOptions) core.Store {
		recorder.Reset()
		return wrapping(wrappers.NewLimitSize, options)(t, recorder)
	}
	small, middle, large := `{"a":1}`, `{"a":"xxxxxxxxxx"}`, `{"a":"`+strings.Repeat("x", 99)+`"}`
	items := []core.Item{{Key: "s", Value: []byte(small)}, {Key: "m", Value: []byte(middle)}, {Key: "l", Value: []byte(large)}}

	store := limit(&wrappers.LimitSizeOptions{MinSize: 10, MaxSize: 50, DropTooLarge: true})
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Error(err)
	}
	calls := recorder.Calls()
	if len(calls) != 1 || !slices.Equal(calls[0].Keys, []string{"m"}) {
		t.Errorf("calls below: %+v", calls)
	}
	if string(items[0].Value) != small || string(items[2].Value) != large {
		t.Error("the caller's items were changed")
	}

	store = limit(&wrappers.LimitSizeOptions{MinSize: 1000})
	if err := store.PutMany(t.Context(), "c", items); err != nil || len(recorder.Calls()) > 0 {
		t.Errorf("everything dropped: %v, %d calls", err, len(recorder.Calls()))
	}
	if inserted, err := core.Insert(t.Context(), store, "c", "s", []byte(small), 0); inserted || err != nil {
		t.Errorf("a dropped insert: %t, %v", inserted, err)
	}

	store = limit(&wrappers.LimitSizeOptions{MaxSize: 50})
	err := store.PutMany(t.Context(), "c", items)
	if got := core.FailedKeys(err); !slices.Equal(got, []string{"l"}) || !errors.Is(err, core.ErrTooLarge) || len(recorder.Calls()) > 0 {
		t.Errorf("one too large: %v, %d calls", err, len(recorder.Calls()))
	}
	if strings.Contains(err.Error(), "xxx") {
		t.Errorf("the error holds the value: %v", err)
	}
}

func TestDroppedWritesAfterClose(t *testing.T) {
	for name, wrap := range map[string]func(testing.TB, core.Store) core.Store{
		"limit size": wrapping(wrappers.NewLimitSize, &wrappers.LimitSizeOptions{MinSize: 1000}),
		"read only":  wrapping(wrappers.NewReadOnly, &wrappers.ReadOnlyOptions{Silent: true}),
	} {
		store := wrap(t, newMemory(t))
		if err := core.Close(store); err != nil {
			t.Fatal(err)
		}
		if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), 0); !errors.Is(err, core.ErrClosed) {
			t.Errorf("%s: put: %v", name, err)
		}
		if err := store.PutMany(t.Context(), "c", []core.Item{{Key: "k", Value: json.RawMessage(`{}`)}}); !errors.Is(err, core.ErrClosed) {
			t.Errorf("%s: put many: %v", name, err)
		}
	}
}

func TestReadOnlyChecksArguments(t *testing.T) {
	for _, silent := range []bool{false, true} {
		store := wrapping(wrappers.NewReadOnly, &wrappers.ReadOnlyOptions{Silent: silent})(t, newMemory(t))
		if err := store.Put(t.Context(), "c", "", json.RawMessage(`{}`), 0); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("silent %t: an empty key: %v", silent, err)
		}
		if err := store.Put(t.Context(), "c", "k", json.RawMessage(`[]`), 0); !errors.Is(err, core.ErrInvalidValue) {
			t.Errorf("silent %t: an array: %v", silent, err)
		}
		err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), 0)
		if silent && err != nil || !silent && !errors.Is(err, core.ErrReadOnly) {
			t.Errorf("silent %t: %v", silent, err)
		}
	}
}

func TestTTLClampBounds(t *testing.T) {
	for _, c := range []struct {
		options  wrappers.TTLClampOptions
		ttl, got time.Duration
	}{
		{wrappers.TTLClampOptions{}, core.NoTTL, core.NoTTL},
		{wrappers.TTLClampOptions{}, 1, 1},
		{wrappers.TTLClampOptions{Min: 10, Max: 100}, 5, 10},
		{wrappers.TTLClampOptions{Min: 10, Max: 100}, 50, 50},
		{wrappers.TTLClampOptions{Min: 10, Max: 100}, 1000, 100},
		{wrappers.TTLClampOptions{Min: 10, Max: 100}, core.NoTTL, core.NoTTL},
		{wrappers.TTLClampOptions{Min: 10, Max: 100, Missing: 1}, core.NoTTL, 10},
		{wrappers.TTLClampOptions{Min: 10, Max: 100, Missing: 500}, core.NoTTL, 100},
		{wrappers.TTLClampOptions{Min: 10, Missing: 500}, core.NoTTL, 500},
		{wrappers.TTLClampOptions{Max: 7}, 1 << 62, 7},
	} {
		recorder := storetest.NewRecorder(newMemory(t))
		store := wrapping(wrappers.NewTTLClamp, &c.options)(t, recorder)
		if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), c.ttl); err != nil {
			t.Fatal(err)
		}
		if _, err := core.Insert(t.Context(), store, "c", "other", json.RawMessage(`{}`), c.ttl); err != nil {
			t.Fatal(err)
		}
		if err := store.PutMany(t.Context(), "c", []core.Item{{Key: "k", Value: json.RawMessage(`{}`), TTL: c.ttl}}); err != nil {
			t.Fatal(err)
		}
		for _, call := range recorder.Calls() {
			if call.Items[0].TTL != c.got {
				t.Errorf("%+v: %s of %v wrote %v, want %v", c.options, call.Method, c.ttl, call.Items[0].TTL, c.got)
			}
		}
		if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), -1); !errors.Is(err, core.ErrInvalidTTL) {
			t.Errorf("%+v: a negative time to live: %v", c.options, err)
		}
	}
}

func TestDefaultValueEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := wrapping(wrappers.NewDefaultValue, &wrappers.DefaultValueOptions{
			Value: json.RawMessage(`{"d":1}`), TTL: time.Hour,
		})(t, newMemory(t))
		first, err := store.Get(t.Context(), "c", "k")
		if remaining, expires := first.TTL(); err != nil || !expires || remaining != time.Hour {
			t.Errorf("got %v, %v", first, err)
		}
		copy(first.Value, `{"x":2}`)
		if again, _ := store.Get(t.Context(), "c", "k"); string(again.Value) != `{"d":1}` {
			t.Errorf("the default became %s", again.Value)
		}
		if deleted, err := store.Delete(t.Context(), "c", "k"); deleted || err != nil {
			t.Errorf("deleted %t, %v", deleted, err)
		}
		for range core.Keys(t.Context(), store, "c") {
			t.Error("the default is listed")
		}
	})
}

// A key that failed is not one that is missing.
func TestDefaultValueAndFailures(t *testing.T) {
	faulty := storetest.NewFaulty(newMemory(t))
	faulty.Inject(storetest.Fault{Key: "b"})
	store := wrapping(wrappers.NewDefaultValue, &wrappers.DefaultValueOptions{Value: json.RawMessage(`{"d":1}`)})(t, faulty)
	entries, err := store.GetMany(t.Context(), "c", []string{"a", "b"})
	if len(entries) != 2 || !entries[0].Found() || entries[1].Found() || !slices.Equal(core.FailedKeys(err), []string{"b"}) {
		t.Errorf("got %v, %v", entries, err)
	}
}

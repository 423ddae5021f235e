package wrappers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestRetry(t *testing.T) {
	prove(t, wrapping(wrappers.NewRetry, &wrappers.RetryOptions{MaxRetries: 1}),
		&storetest.WrapperOptions{Transparent: true, FakeClock: true}, nil)
}

func TestRetryOptions(t *testing.T) {
	for _, options := range []*wrappers.RetryOptions{
		{MaxRetries: -1}, {InitialDelay: -1}, {MaxDelay: -1}, {Base: 0.5}, {Base: -1},
		{InitialDelay: time.Second, MaxDelay: time.Millisecond},
	} {
		if _, err := wrappers.NewRetry(newNoop(nil), options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%+v: %v", *options, err)
		}
	}
	if _, err := wrappers.NewRetry(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
	if _, err := wrappers.NewRetry(newNoop(nil), &wrappers.RetryOptions{InitialDelay: time.Hour}); err != nil {
		t.Errorf("an initial delay above the default of MaxDelay: %v", err)
	}
}

// flaky is a store whose calls fail as often as there are errors for them.
type flaky struct {
	*noop
	calls  []string
	errors []error
}

func (f *flaky) fail(call string) error {
	f.calls = append(f.calls, call)
	if len(f.errors) == 0 {
		return nil
	}
	err := f.errors[0]
	f.errors = f.errors[1:]
	return err
}

func (f *flaky) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := f.fail("get"); err != nil {
		return core.Entry{}, err
	}
	return f.entry, nil
}

func (f *flaky) GetMany(_ context.Context, _ string, keys []string) ([]core.Entry, error) {
	err := f.fail("get many " + strings.Join(keys, " "))
	failed := core.FailedKeys(err)
	if err != nil && failed == nil {
		return nil, err
	}
	var entries []core.Entry
	for _, key := range keys {
		entry := core.Entry{Value: json.RawMessage(fmt.Sprintf("{%q:1}", key))}
		if slices.Contains(failed, key) {
			entry = core.Entry{}
		}
		entries = append(entries, entry)
	}
	return entries, err
}

func (f *flaky) PutMany(_ context.Context, _ string, items []core.Item) error {
	call := "put many"
	for _, item := range items {
		call += " " + item.Key + "=" + string(item.Value)
	}
	return f.fail(call)
}

func (f *flaky) Delete(context.Context, string, string) (bool, error) {
	err := f.fail("delete")
	return err == nil, err
}

func (f *flaky) DeleteMany(_ context.Context, _ string, keys []string) (int, error) {
	err := f.fail("delete many " + strings.Join(keys, " "))
	return len(keys) - len(core.FailedKeys(err)), err
}

func (f *flaky) Insert(context.Context, string, string, json.RawMessage, time.Duration) (bool, error) {
	err := f.fail("insert")
	return err == nil, err
}

func (f *flaky) Keys(context.Context, string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := f.fail("keys")
		if errors.Is(err, errAfterOne) {
			if !yield("a", nil) {
				return
			}
		}
		if err != nil {
			yield("", err)
			return
		}
		_ = yield("a", nil) && yield("b", nil)
	}
}

var (
	errReset    = &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	errRefused  = &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	errAfterOne = fmt.Errorf("after one name: %w", io.ErrUnexpectedEOF)
)

// at is the error of a store.
func at(op, key string, cause error) error {
	return &core.Error{Op: op, Store: "flaky", Collection: "c", Key: key, Err: cause}
}

// retrying runs the function with a Retry over a store that fails so.
func retrying(t *testing.T, errs []error, run func(*testing.T, context.Context, *flaky, core.Store)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		inner := &flaky{noop: newNoop(json.RawMessage(`{"a":1}`)), errors: errs}
		store, err := wrappers.NewRetry(inner, nil)
		if err != nil {
			t.Fatal(err)
		}
		run(t, t.Context(), inner, store)
	})
}

func wantCalls(t *testing.T, inner *flaky, want ...string) {
	t.Helper()
	if !slices.Equal(inner.calls, want) {
		t.Errorf("calls below: %q, want %q", inner.calls, want)
	}
}

func TestRetrySucceeds(t *testing.T) {
	failing := []error{at("get", "k", errReset), at("get", "k", errRefused), at("get", "k", io.EOF)}
	retrying(t, failing, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		start := time.Now()
		entry, err := store.Get(ctx, "c", "k")
		if err != nil || !entry.Found() {
			t.Errorf("got %v, %v", entry, err)
		}
		if waited := time.Since(start); waited <= 0 || waited > 700*time.Millisecond {
			t.Errorf("waited for %v, want up to 100 + 200 + 400 ms", waited)
		}
		wantCalls(t, inner, "get", "get", "get", "get")
	})
}

func TestRetryGivesUp(t *testing.T) {
	failing := slices.Repeat([]error{at("get", "k", errReset)}, 10)
	retrying(t, failing, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		_, err := store.Get(ctx, "c", "k")
		if e, ok := err.(*core.Error); !ok || e.Attempts != 4 || e.Store != "flaky" || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %v", err)
		}
		if !strings.HasSuffix(err.Error(), "(4 attempts)") {
			t.Errorf("the error does not tell how often it was tried: %v", err)
		}
		wantCalls(t, inner, "get", "get", "get", "get")
	})
}

func TestRetryRespectsTheDeadline(t *testing.T) {
	failing := slices.Repeat([]error{at("get", "k", errReset)}, 100)
	retrying(t, failing, func(t *testing.T, ctx context.Context, inner *flaky, _ core.Store) {
		store, _ := wrappers.NewRetry(inner, &wrappers.RetryOptions{MaxRetries: 99, InitialDelay: time.Hour, MaxDelay: time.Hour})
		ctx, cancel := context.WithTimeout(ctx, time.Nanosecond)
		defer cancel()
		start := time.Now()
		_, err := store.Get(ctx, "c", "k")
		if waited := time.Since(start); waited > time.Nanosecond {
			t.Errorf("waited for %v", waited)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %v, want both reasons", err)
		}
		wantCalls(t, inner, "get")
	})
}

func TestRetryStopsWhenCancelled(t *testing.T) {
	failing := slices.Repeat([]error{at("get", "k", errReset)}, 1000)
	retrying(t, failing, func(t *testing.T, ctx context.Context, inner *flaky, _ core.Store) {
		store, _ := wrappers.NewRetry(inner, &wrappers.RetryOptions{MaxRetries: 999, MaxDelay: time.Hour})
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(time.Hour, cancel)
		start := time.Now()
		_, err := store.Get(ctx, "c", "k")
		if waited := time.Since(start); waited != time.Hour || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v after %v", err, waited)
		}
		if e, ok := err.(*core.Error); !ok || e.Attempts != len(inner.calls) {
			t.Errorf("got %v after %d calls", err, len(inner.calls))
		}
	})
}

func TestRetryDoesNotRepeatInVain(t *testing.T) {
	for _, cause := range []error{
		core.ErrInvalidKey, core.ErrInvalidValue, core.ErrCorrupt, core.ErrClosed, core.ErrReadOnly,
		context.Canceled, errors.New("unknown"), fmt.Errorf("%w: %w", core.ErrInvalidKey, io.EOF),
	} {
		retrying(t, []error{at("get", "k", cause)}, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
			_, err := store.Get(ctx, "c", "k")
			if e, ok := err.(*core.Error); !ok || !errors.Is(e.Err, cause) || e.Attempts != 0 {
				t.Errorf("got %v", err)
			}
			wantCalls(t, inner, "get")
		})
	}
	retrying(t, []error{core.ErrNotFound}, func(t *testing.T, ctx context.Context, inner *flaky, _ core.Store) {
		store, _ := wrappers.NewRetry(inner, &wrappers.RetryOptions{ShouldRetry: func(error) bool { return true }})
		if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
			t.Errorf("got %v", err)
		}
		wantCalls(t, inner, "get")
	})
}

func TestRetryInsert(t *testing.T) {
	retrying(t, []error{at("insert", "k", errRefused)}, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		if inserted, err := core.Insert(ctx, store, "c", "k", json.RawMessage(`{}`), 0); !inserted || err != nil {
			t.Errorf("got %t, %v", inserted, err)
		}
		wantCalls(t, inner, "insert", "insert")
	})
	retrying(t, []error{at("insert", "k", errReset)}, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		if inserted, err := core.Insert(ctx, store, "c", "k", json.RawMessage(`{}`), 0); inserted || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %t, %v", inserted, err)
		}
		wantCalls(t, inner, "insert")
	})
}

func TestRetryBulk(t *testing.T) {
	partial := func(op string) []error {
		return []error{
			errors.Join(at(op, "b", errReset), at(op, "c", core.ErrCorrupt)),
			at(op, "", io.EOF), // the whole of the second attempt
		}
	}
	isPartial := func(t *testing.T, err error) {
		t.Helper()
		if got := core.FailedKeys(err); !slices.Equal(got, []string{"c"}) || !errors.Is(err, core.ErrCorrupt) || errors.Is(err, io.EOF) {
			t.Errorf("failed: %q, %v", got, err)
		}
	}
	keys := []string{"a", "b", "c", "b"}
	retrying(t, partial("get many"), func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		entries, err := store.GetMany(ctx, "c", keys)
		isPartial(t, err)
		for i, want := range []string{`{"a":1}`, `{"b":1}`, ``, `{"b":1}`} {
			if got := string(entries[i].Value); got != want {
				t.Errorf("entry %d is %s, want %s", i, got, want)
			}
		}
		wantCalls(t, inner, "get many a b c b", "get many b b", "get many b b")
	})
	retrying(t, partial("put many"), func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		isPartial(t, store.PutMany(ctx, "c", []core.Item{
			{Key: "a", Value: []byte("1")}, {Key: "b", Value: []byte("2")},
			{Key: "c", Value: []byte("3")}, {Key: "b", Value: []byte("4")},
		}))
		wantCalls(t, inner, "put many a=1 b=2 c=3 b=4", "put many b=2 b=4", "put many b=2 b=4")
	})
	retrying(t, partial("delete many")[:1], func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		deleted, err := store.DeleteMany(ctx, "c", []string{"a", "b", "c"})
		isPartial(t, err)
		if deleted != 2 {
			t.Errorf("deleted %d, want a, and b the second time", deleted)
		}
		wantCalls(t, inner, "delete many a b c", "delete many b")
	})
}

func TestRetryBulkGivesUp(t *testing.T) {
	failing := append([]error{at("get many", "b", errReset)}, slices.Repeat([]error{at("get many", "", io.EOF)}, 9)...)
	retrying(t, failing, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		entries, err := store.GetMany(ctx, "c", []string{"a", "b"})
		if len(entries) != 2 || !entries[0].Found() || entries[1].Found() {
			t.Errorf("got %v", entries)
		}
		if e, ok := err.(*core.Error); !ok || e.Key != "b" || e.Attempts != 4 {
			t.Errorf("got %v", err)
		}
	})
}

func TestRetryListing(t *testing.T) {
	retrying(t, []error{at("keys", "", errReset)}, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		var names []string
		for name, err := range core.Keys(ctx, store, "c") {
			if err != nil {
				t.Error(err)
			}
			names = append(names, name)
		}
		if !slices.Equal(names, []string{"a", "b"}) {
			t.Errorf("listed %q", names)
		}
		wantCalls(t, inner, "keys", "keys")
	})
	retrying(t, []error{at("keys", "", errAfterOne)}, func(t *testing.T, ctx context.Context, inner *flaky, store core.Store) {
		var failed error
		for _, err := range core.Keys(ctx, store, "c") {
			failed = err
		}
		if !errors.Is(failed, errAfterOne) {
			t.Errorf("ended with %v", failed)
		}
		wantCalls(t, inner, "keys")
	})
}

// labelled is an error as the driver of MongoDB has them.
type labelled struct{ error }

func (labelled) HasErrorLabel(label string) bool { return label == "RetryableWriteError" }

// status is an error as the driver of DynamoDB has them.
type status int

func (s status) Error() string       { return fmt.Sprint("status ", int(s)) }
func (s status) HTTPStatusCode() int { return int(s) }

func TestRetryable(t *testing.T) {
	for _, err := range []error{
		errReset, errRefused, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, os.ErrDeadlineExceeded,
		syscall.EPIPE, &net.DNSError{IsTimeout: true}, context.DeadlineExceeded,
		labelled{errors.New("not primary")}, status(429), status(503),
		at("get", "k", fmt.Errorf("wrapped: %w", errReset)), errors.Join(errors.New("one"), io.EOF),
	} {
		if !wrappers.Retryable(err) {
			t.Errorf("%v is not retryable", err)
		}
	}
	for _, err := range []error{
		nil, core.ErrNotFound, core.ErrInvalidKey, core.ErrInvalidValue, core.ErrInvalidTTL, core.ErrTooLarge,
		core.ErrCorrupt, core.ErrClosed, context.Canceled, errors.ErrUnsupported, errors.New("unknown"),
		status(400), status(500), at("get", "k", context.Canceled),
	} {
		if wrappers.Retryable(err) {
			t.Errorf("%v is retryable", err)
		}
	}
}

// bulkReader answers GetMany with a function.
type bulkReader struct {
	core.Store
	getMany func(keys []string) ([]core.Entry, error)
}

func (b bulkReader) GetMany(_ context.Context, _ string, keys []string) ([]core.Entry, error) {
	return b.getMany(keys)
}

// A bulk read in which some keys failed, and something else that names none, is
// an error in the end: the keys are not missing.
func TestRetryOfMixedFailures(t *testing.T) {
	failure := func(key string) error { return &core.Error{Op: "get many", Key: key, Err: io.EOF} }
	attempts := 0
	inner := bulkReader{newMemory(t), func(keys []string) ([]core.Entry, error) {
		attempts++
		entries := make([]core.Entry, len(keys))
		entries[0].Value = json.RawMessage(`{}`)
		return entries, errors.Join(failure("b"), failure(""))
	}}
	store := wrapping(wrappers.NewRetry, &wrappers.RetryOptions{MaxRetries: 2, InitialDelay: 1})(t, inner)
	entries, err := store.GetMany(t.Context(), "c", []string{"a", "b"})
	if !errors.Is(err, io.EOF) || len(entries) != 2 || !entries[0].Found() || attempts != 3 {
		t.Errorf("%d entries after %d attempts, %v", len(entries), attempts, err)
	}
}

// A Fallback whose second store fails as a whole still names the keys.
func TestRetryOfAFallback(t *testing.T) {
	reset := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	primary := bulkReader{newMemory(t), func(keys []string) ([]core.Entry, error) {
		entries := make([]core.Entry, len(keys))
		entries[0].Value = json.RawMessage(`{}`)
		return entries, &core.Error{Op: "get many", Key: "b", Err: reset}
	}}
	secondary := bulkReader{newMemory(t), func([]string) ([]core.Entry, error) {
		return nil, &core.Error{Op: "get many", Err: reset}
	}}
	fallback := wrapping(wrappers.NewFallback, &wrappers.FallbackOptions{Secondary: secondary})(t, primary)
	store := wrapping(wrappers.NewRetry, &wrappers.RetryOptions{MaxRetries: 1, InitialDelay: 1})(t, fallback)
	for name, store := range map[string]core.Store{"fallback": fallback, "retry": store} {
		entries, err := store.GetMany(t.Context(), "c", []string{"a", "b"})
		if got := core.FailedKeys(err); len(entries) != 2 || !slices.Equal(got, []string{"b"}) {
			t.Errorf("%s: %d entries, failed %q, %v", name, len(entries), got, err)
		}
	}
}

func TestRetryWithTheLongestDelay(t *testing.T) {
	faulty := storetest.NewFaulty(newMemory(t))
	faulty.Inject(storetest.Fault{Err: io.EOF})
	store := wrapping(wrappers.NewRetry, &wrappers.RetryOptions{InitialDelay: math.MaxInt64, MaxDelay: math.MaxInt64})(t, faulty)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); !errors.Is(err, io.EOF) {
		t.Errorf("put: %v", err)
	}
}

package redis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

func TestNewRefusesNoClient(t *testing.T) {
	for _, client := range []redis.UniversalClient{nil, (*redis.Client)(nil), (*redis.ClusterClient)(nil)} {
		store, err := New(client, nil)
		var e *core.Error
		if store != nil || !errors.Is(err, core.ErrInvalidOptions) || !errors.As(err, &e) || e.Op != "new" || e.Store != "redis" {
			t.Errorf("New(%T) = %v, %v; want nil and a core.Error that matches ErrInvalidOptions", client, store, err)
		}
	}
}

// The time that the server is given is rounded up to milliseconds, and is
// missing where there is none.
func TestLifetime(t *testing.T) {
	for ttl, want := range map[time.Duration]int64{
		1:                                      1,
		time.Millisecond - time.Microsecond:    1,
		1900 * time.Millisecond:                1900,
		10*time.Second + 1500*time.Microsecond: 10002,
		365 * 24 * time.Hour:                   365 * 24 * 3600 * 1000,
		math.MaxInt64:                          math.MaxInt64/1_000_000 + 1,
	} {
		f, store := newFake(t, nil)
		if err := store.Put(t.Context(), "c", "k", []byte(`{}`), ttl); err != nil {
			t.Fatal(err)
		}
		arguments := f.sent[0]
		if len(arguments) != 5 || arguments[0] != "set" || arguments[1] != "c::k" || arguments[3] != "px" {
			t.Fatalf("Put sends %v", arguments)
		}
		// An entry begins and ends at whole microseconds, one of them more.
		if got := arguments[4].(int64); got < want || got > want+1 {
			t.Errorf("with a time to live of %v the server gets %d ms, want %d", ttl, got, want)
		}
	}
	record := driver.Record{Entry: core.Entry{CreatedAt: time.UnixMilli(1000), ExpiresAt: time.UnixMilli(2000)}}
	if got := lifetime(&record); got != 1000 {
		t.Errorf("a second is %d ms", got)
	}
	record.ExpiresAt = record.ExpiresAt.Add(1)
	if got := lifetime(&record); got != 1001 {
		t.Errorf("a second and a nanosecond is %d ms", got)
	}
	f, store := newFake(t, nil)
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil || len(f.sent[0]) != 3 {
		t.Errorf("Put without a time to live = %v, and sends %v", err, f.sent)
	}
}

func TestTooLarge(t *testing.T) {
	_, store := newFake(t, nil)
	if err := store.Put(t.Context(), "c", "k", make([]byte, MaxValue+1), core.NoTTL); !errors.Is(err, core.ErrTooLarge) {
		t.Errorf("Put of %d bytes = %v, want ErrTooLarge", MaxValue+1, err)
	}
}

// Neither the caller nor a hook can change what the other holds.
func TestRepliesAreCopied(t *testing.T) {
	f, store := newFake(t, nil)
	if err := store.Put(t.Context(), "c", "k", []byte(`{"a":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	entry, err := store.Get(t.Context(), "c", "k")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := store.GetMany(t.Context(), "c", []string{"k"})
	if err != nil {
		t.Fatal(err)
	}
	before := strings.Clone(f.data["c::k"])
	for i := range entry.Value {
		entry.Value[i], entries[0].Value[i] = 'x', 'x'
	}
	if f.data["c::k"] != before {
		t.Errorf("the reply of the server became %q", f.data["c::k"])
	}
}

// A pipeline that a hook refuses is an error of every key, although no command
// has one.
func TestPipelineThatIsRefused(t *testing.T) {
	ctx := t.Context()
	f, store := newFake(t, nil)
	f.pipelined = errors.New("refused")
	entries, err := store.GetMany(ctx, "c", []string{"a", "b"})
	if entries != nil || !errors.Is(err, f.pipelined) {
		t.Errorf("GetMany = %v, %v; want nil and the error", entries, err)
	}
	if err := store.PutMany(ctx, "c", []core.Item{{Key: "a", Value: []byte(`{}`)}}); !errors.Is(err, f.pipelined) {
		t.Errorf("PutMany = %v, want the error", err)
	}
	if count, err := store.DeleteMany(ctx, "c", []string{"a", "b"}); count != 0 || !errors.Is(err, f.pipelined) {
		t.Errorf("DeleteMany = %v, %v; want 0 and the error", count, err)
	}
}

// Where some commands fail, the others count, and the rest is still sent.
func TestPipelineThatFailsInPart(t *testing.T) {
	ctx := t.Context()
	f, store := newFake(t, nil)
	lost := errors.New("connection lost")
	f.answer = func(cmd redis.Cmder) error {
		if cmd.Args()[1] == "c::key1" {
			return lost
		}
		return errPass
	}
	var keys []string
	var items []core.Item
	for i := range 2*maxCommands + 1 {
		keys = append(keys, fmt.Sprint("key", i))
		items = append(items, core.Item{Key: keys[i], Value: []byte(`{}`)})
	}
	wantOne := func(method string, err error) {
		t.Helper()
		if failed := core.FailedKeys(err); !errors.Is(err, lost) || len(failed) != 1 || failed[0] != "key1" {
			t.Errorf("%s = %v; want the error of key1", method, err)
		}
	}
	wantOne("PutMany", store.PutMany(ctx, "c", items))
	entries, err := store.GetMany(ctx, "c", keys)
	wantOne("GetMany", err)
	for i, entry := range entries {
		if entry.Found() != (i != 1) {
			t.Errorf("GetMany finds %q: %v", keys[i], entry.Found())
		}
	}
	count, err := store.DeleteMany(ctx, "c", keys)
	wantOne("DeleteMany", err)
	if count != len(keys)-1 {
		t.Errorf("DeleteMany counts %d, want %d", count, len(keys)-1)
	}
}

// A pipeline of which nobody answers any part is the last that is tried.
func TestPipelineThatNobodyAnswers(t *testing.T) {
	f, store := newFake(t, nil)
	lost := errors.New("connection lost")
	f.answer = func(cmd redis.Cmder) error {
		if len(f.sent) > maxCommands {
			return lost
		}
		return errPass
	}
	var items []core.Item
	for i := range 4 * maxCommands {
		items = append(items, core.Item{Key: fmt.Sprint("key", i), Value: []byte(`{}`)})
	}
	err := store.PutMany(t.Context(), "c", items)
	if failed := core.FailedKeys(err); !errors.Is(err, lost) || len(failed) != 3*maxCommands {
		t.Errorf("PutMany fails for %d keys, want %d", len(failed), 3*maxCommands)
	}
	if len(f.sent) != 2*maxCommands {
		t.Errorf("%d commands were sent, want %d", len(f.sent), 2*maxCommands)
	}
}

// Large values do not wait for each other in the memory of the process.
func TestPipelineOfLargeValues(t *testing.T) {
	f, store := newFake(t, nil)
	value := []byte(`{"a":"` + strings.Repeat("x", maxBytes/2) + `"}`)
	var items []core.Item
	for i := range 5 {
		items = append(items, core.Item{Key: fmt.Sprint("key", i), Value: value})
	}
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Fatal(err)
	}
	if len(f.data) != 5 {
		t.Errorf("%d values were written, want 5", len(f.data))
	}
}

// What a hook does to its goroutine, it does to the caller.
func TestHookThatPanics(t *testing.T) {
	f, store := newFake(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f.answer = func(redis.Cmder) error { panic("hook") }
	func() {
		defer func() {
			if got := recover(); got != "hook" {
				t.Errorf("recovered %v, want the panic of the hook", got)
			}
		}()
		_, _ = store.Get(ctx, "c", "k")
		t.Error("Get returned")
	}()
	f.answer = func(redis.Cmder) error { runtime.Goexit(); return nil }
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = store.Get(ctx, "c", "k")
		t.Error("Get returned")
	}()
	<-over
	f.answer = nil
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get after that = %v, want %q", err, core.ErrNotFound)
	}
}

func TestErrorsHoldNoArguments(t *testing.T) {
	f, store := newFake(t, nil)
	text := "ERR unknown command 'SET', with args beginning with: 'c::k' '{\"secret\":1}' "
	f.answer = func(redis.Cmder) error { return replied(text) }
	err := store.Put(t.Context(), "c", "k", []byte(`{"secret":1}`), core.NoTTL)
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "unknown command 'SET'") {
		t.Errorf("Put = %v, want an error without the value", err)
	}
}

// replied is an error that the server has answered.
type replied string

func (r replied) Error() string { return string(r) }
func (replied) RedisError()     {}

// Whoever closes the client of a store that owns it takes nothing away.
func TestCloseOfClosedClient(t *testing.T) {
	store, err := Open(t.Context(), "redis://localhost")
	if err != nil {
		t.Fatal(err)
	}
	if err := store.(*Store).Client().Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := core.Close(store); err != nil {
			t.Errorf("Close = %v", err)
		}
	}
	if _, err := store.Get(t.Context(), "c", "k"); !errors.Is(err, core.ErrClosed) {
		t.Errorf("Get after Close = %v, want %q", err, core.ErrClosed)
	}
}

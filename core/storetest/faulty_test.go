package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

var errFaultyTest = errors.New("the disk is full")

// newFaultyTest returns a store with the keys a, b and c in collection "birds".
func newFaultyTest(t *testing.T) *Faulty {
	faulty := NewFaulty(newBase())
	t.Cleanup(func() { faulty.Clear(); faulty.Close() })
	for _, key := range []string{"a", "b", "c"} {
		if err := faulty.Put(t.Context(), "birds", key, json.RawMessage(`{"key":"`+key+`"}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	return faulty
}

// gets calls Get several times and returns which calls failed.
func gets(t *testing.T, faulty *Faulty, key string, times int) (failed []int) {
	for i := range times {
		if _, err := faulty.Get(t.Context(), "birds", key); err != nil {
			failed = append(failed, i+1)
		}
	}
	return failed
}

func TestFaultWhen(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault Fault
		want  []int
	}{
		{"always", Fault{}, []int{1, 2, 3, 4, 5, 6}},
		{"the next two", Fault{Times: 2}, []int{1, 2}},
		{"every third", Fault{Every: 3}, []int{3, 6}},
		{"every second, once", Fault{Every: 2, Times: 1}, []int{2}},
		{"behind the first two", Fault{After: 2, Times: 3}, []int{3, 4, 5}},
		{"another key", Fault{Key: "b"}, nil},
		{"this key", Fault{Key: "a", Times: 1}, []int{1}},
		{"another method", Fault{Method: "Put"}, nil},
		{"this collection", Fault{Collection: "birds", Times: 1}, []int{1}},
		{"another collection", Fault{Collection: "fish"}, nil},
		{"what matches", Fault{Match: func(c Call) bool { return c.Keys[0] == "a" }, Times: 1}, []int{1}},
		{"what does not match", Fault{Match: func(c Call) bool { return len(c.Keys) > 1 }}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			faulty := newFaultyTest(t)
			faulty.Inject(test.fault)
			if got := gets(t, faulty, "a", 6); !slices.Equal(got, test.want) {
				t.Errorf("of six calls failed %v, want %v", got, test.want)
			}
			if got := faulty.Strikes(); got != len(test.want) {
				t.Errorf("Strikes() = %d, want %d", got, len(test.want))
			}
			if got := faulty.Calls("Get"); got != 6 {
				t.Errorf("Calls(Get) = %d, want 6", got)
			}
			if got := faulty.Calls(""); got != 9 {
				t.Errorf("Calls() = %d, want 9 with the puts", got)
			}
			faulty.Clear()
			if got := gets(t, faulty, "a", 2); got != nil {
				t.Errorf("after Clear failed %v, want none", got)
			}
		})
	}
}

func TestFaultError(t *testing.T) {
	whole := &core.Error{Op: "get", Store: "other", Err: errFaultyTest}
	for _, test := range []struct {
		name  string
		fault Fault
		want  error // as it is, or nil for a core.Error
		is    error
	}{
		{"none given", Fault{}, nil, ErrInjected},
		{"any", Fault{Err: errFaultyTest}, nil, errFaultyTest},
		{"bare", Fault{Err: errFaultyTest, Bare: true}, errFaultyTest, errFaultyTest},
		{"not found", Fault{Err: core.ErrNotFound}, core.ErrNotFound, core.ErrNotFound},
		{"unsupported", Fault{Err: errors.ErrUnsupported}, errors.ErrUnsupported, errors.ErrUnsupported},
		{"core.Error", Fault{Err: whole}, whole, errFaultyTest},
		{"join of them", Fault{Err: errors.Join(whole, core.ErrNotFound)}, nil, core.ErrNotFound},
		{"join of others", Fault{Err: errors.Join(whole, errFaultyTest)}, nil, errFaultyTest},
	} {
		t.Run(test.name, func(t *testing.T) {
			faulty := newFaultyTest(t)
			faulty.Inject(test.fault)
			_, err := faulty.Get(t.Context(), "birds", "a")
			if !errors.Is(err, test.is) || !proper(err) && !test.fault.Bare {
				t.Errorf("Get returned %v, want %v", err, test.is)
			}
			if test.want != nil && err != test.want {
				t.Errorf("Get returned %v, want %v as it is", err, test.want)
			}
		})
	}
	faulty := newFaultyTest(t)
	faulty.Inject(Fault{Err: errFaultyTest})
	_, err := faulty.Delete(t.Context(), "birds", "a")
	if got, want := err.Error(), `faulty: delete "birds"/"a": the disk is full`; got != want {
		t.Errorf("Delete returned %s, want %s", got, want)
	}
}

func TestFaultInEveryMethod(t *testing.T) {
	a := arguments{"birds", []string{"a", "b"}, canaryValue, core.NoTTL}
	for _, m := range wrapperMethods {
		if m.traits.has(apart) {
			continue
		}
		faulty := newFaultyTest(t)
		faulty.Inject(Fault{Method: m.name, Err: errFaultyTest, Times: 1})
		if err := m.call(t.Context(), faulty, a).err(); !errors.Is(err, errFaultyTest) || !proper(err) {
			t.Errorf("%s returned %v, want the injected error", m.name, err)
		}
		before := faulty.Calls(m.name)
		if err := m.call(t.Context(), faulty, a).err(); err != nil {
			t.Errorf("%s returned %v after the fault, want no error", m.name, err)
		}
		if got := faulty.Calls(m.name); got != before+1 {
			t.Errorf("Calls(%s) = %d, want %d", m.name, got, before+1)
		}
	}
}

func TestFaultInClose(t *testing.T) {
	faulty := newFaultyTest(t)
	faulty.Inject(Fault{}, Fault{Method: "Close", Err: errFaultyTest, Times: 1})
	if err := faulty.Close(); !errors.Is(err, errFaultyTest) {
		t.Errorf("Close returned %v, want the fault of that method", err)
	}
	if err := faulty.Close(); err != nil {
		t.Errorf("Close returned %v; a fault of no method must not strike it", err)
	}
}

func TestFaultOfOneKeyInABatch(t *testing.T) {
	ctx := t.Context()
	keys := []string{"c", "b", "a", "b"}
	faulty := newFaultyTest(t)
	faulty.Inject(Fault{Key: "b", Err: errFaultyTest})

	entries, err := faulty.GetMany(ctx, "birds", keys)
	if len(entries) != 4 || !entries[0].Found() || entries[1].Found() || !entries[2].Found() || entries[3].Found() {
		t.Errorf("GetMany(%q) = %v, want all but b", keys, entries)
	}
	wantFailed(t, "GetMany", err, "b")

	wantFailed(t, "PutMany", faulty.PutMany(ctx, "fish", []core.Item{
		{Key: "a", Value: json.RawMessage(`{}`)}, {Key: "b", Value: json.RawMessage(`{}`)},
	}), "b")
	count, err := faulty.DeleteMany(ctx, "birds", keys)
	wantFailed(t, "DeleteMany", err, "b")
	if count != 2 {
		t.Errorf("DeleteMany(%q) = %d, want 2", keys, count)
	}
	faulty.Clear()
	if got := listed(faulty.Keys(ctx, "birds")).names; !slices.Equal(got, []string{"b"}) {
		t.Errorf("after DeleteMany there are %q, want b alone", got)
	}
	if got := listed(faulty.Keys(ctx, "fish")).names; !slices.Equal(got, []string{"a"}) {
		t.Errorf("after PutMany there are %q, want a alone", got)
	}
}

func wantFailed(t *testing.T, method string, err error, keys ...string) {
	t.Helper()
	if got := core.FailedKeys(err); !slices.Equal(got, keys) || !errors.Is(err, errFaultyTest) || !proper(err) {
		t.Errorf("%s returned %v, want a join with the failed keys %q", method, err, keys)
	}
}

func TestFaultThatLosesTheReply(t *testing.T) {
	ctx := t.Context()
	faulty := newFaultyTest(t)
	faulty.Inject(Fault{LoseReply: true})
	if yes, err := faulty.Delete(ctx, "birds", "a"); yes || !errors.Is(err, ErrInjected) {
		t.Errorf("Delete = %t, %v; want false and the error", yes, err)
	}
	if err := faulty.PutMany(ctx, "birds", []core.Item{{Key: "d", Value: json.RawMessage(`{}`)}}); err == nil {
		t.Error("PutMany returned no error")
	}
	if err := faulty.Put(ctx, "birds", "", json.RawMessage(`{}`), core.NoTTL); !errors.Is(err, core.ErrInvalidKey) {
		t.Errorf("Put of an empty key returned %v, want the error of the store inside", err)
	}
	faulty.Clear()
	faulty.Inject(Fault{Method: "DeleteMany", Key: "b", LoseReply: true, Err: errFaultyTest})
	count, err := faulty.DeleteMany(ctx, "birds", []string{"b", "c"})
	wantFailed(t, "DeleteMany", err, "b")
	if count != 2 {
		t.Errorf("DeleteMany = %d, want 2: both were there", count)
	}
	if got := listed(faulty.Keys(ctx, "birds")).names; !slices.Equal(got, []string{"d"}) {
		t.Errorf("there are %q, want d alone: the calls were performed", got)
	}
}

func TestFaultThatAnswersShort(t *testing.T) {
	ctx := t.Context()
	faulty := newFaultyTest(t)
	faulty.Inject(Fault{Method: "GetMany", Short: 2, Times: 1}, Fault{Method: "GetMany", Short: 9, Err: errFaultyTest})
	if entries, err := faulty.GetMany(ctx, "birds", []string{"a", "b", "c"}); len(entries) != 1 || err != nil {
		t.Errorf("GetMany = %d entries, %v; want 1 and no error", len(entries), err)
	}
	if entries, err := faulty.GetMany(ctx, "birds", []string{"a", "b", "c"}); len(entries) != 0 || !errors.Is(err, errFaultyTest) {
		t.Errorf("GetMany = %d entries, %v; want none and the error", len(entries), err)
	}
	faulty.Close()
	if entries, err := faulty.GetMany(ctx, "birds", []string{"a"}); len(entries) != 0 || !errors.Is(err, core.ErrClosed) {
		t.Errorf("GetMany after Close = %v, %v; want core.ErrClosed", entries, err)
	}
}

func TestFaultInAListing(t *testing.T) {
	ctx := t.Context()
	for _, test := range []struct {
		name  string
		fault Fault
		want  []string // "!" for an error
	}{
		{"at once", Fault{Err: errFaultyTest}, []string{"!"}},
		{"in the middle", Fault{Err: errFaultyTest, Names: 2}, []string{"a", "b", "!"}},
		{"at the end", Fault{Err: errFaultyTest, Names: 5}, []string{"a", "b", "c", "!"}},
		{"at a key", Fault{Err: errFaultyTest, Key: "b"}, []string{"a", "!"}},
		{"a bad entry", Fault{Err: core.ErrCorrupt, Names: 1}, []string{"a", "!", "b", "c"}},
		{"a bad entry at a key", Fault{Err: core.ErrCorrupt, Key: "b"}, []string{"a", "!", "c"}},
		{"slow", Fault{Delay: time.Second}, []string{"a", "b", "c"}},
		{"slow at a key", Fault{Delay: time.Second, Key: "c"}, []string{"a", "b", "c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				faulty := newFaultyTest(t)
				faulty.Inject(test.fault)
				var got []string
				for name, err := range faulty.Keys(t.Context(), "birds") {
					if err != nil {
						name = "!"
					}
					got = append(got, name)
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("Keys listed %q, want %q", got, test.want)
				}
			})
		})
	}
	faulty := newFaultyTest(t)
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	for _, fault := range []Fault{{Delay: time.Hour}, {Delay: time.Hour, Key: "a"}} {
		faulty.Clear()
		faulty.Inject(fault)
		o := listed(faulty.Keys(canceled, "birds"))
		if !errors.Is(o.err(), context.Canceled) {
			t.Errorf("Keys that waits with a context that is done returned %v, want its error", o.err())
		}
	}
}

func TestFaultThatDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		faulty := newFaultyTest(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		took := func(ctx context.Context, key string) (time.Duration, error) {
			start := time.Now()
			_, err := faulty.Get(ctx, "birds", key)
			return time.Since(start), err
		}
		faulty.Inject(Fault{Key: "a", Delay: time.Minute}, Fault{Key: "b", Delay: time.Minute, IgnoreContext: true},
			Fault{Key: "c", Hold: make(chan struct{}), Err: errFaultyTest})

		if d, err := took(t.Context(), "a"); d != time.Minute || err != nil {
			t.Errorf("Get with a delay took %v and returned %v, want a minute and the entry", d, err)
		}
		if d, err := took(ctx, "b"); d != time.Minute || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Get that ignores its context took %v and returned %v, want a minute and the error of the store inside", d, err)
		}
		if _, err := took(ctx, "c"); !errors.Is(err, context.DeadlineExceeded) || len(core.FailedKeys(err)) != 1 {
			t.Errorf("Get on hold returned %v, want the error of its context", err)
		}
		if _, err := took(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Get with a context that is done returned %v, want its error", err)
		}
		faulty.Clear()
		faulty.Inject(Fault{Method: "GetMany", Delay: time.Hour, Short: 1}, Fault{Key: "a", Delay: time.Hour})
		if entries, err := faulty.GetMany(ctx, "birds", []string{"a"}); entries != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("GetMany = %v, %v; want the error of the context", entries, err)
		}
		if err := faulty.PutMany(ctx, "birds", []core.Item{{Key: "a", Value: json.RawMessage(`{}`)}}); len(core.FailedKeys(err)) != 1 {
			t.Errorf("PutMany returned %v, want an error with the key that was waited for", err)
		}
	})
}

func TestFaultThatHolds(t *testing.T) {
	faulty := newFaultyTest(t)
	hold := make(chan struct{})
	faulty.Inject(Fault{Method: "Get", Hold: hold})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			if _, err := faulty.Get(t.Context(), "birds", "a"); err != nil {
				t.Errorf("Get returned %v, want the entry", err)
			}
		})
	}
	close(hold)
	readers.Wait()
	if got := faulty.Calls("Get"); got != 4 {
		t.Errorf("Calls(Get) = %d, want 4", got)
	}
}

func TestFaultyDisable(t *testing.T) {
	a := arguments{"birds", []string{"a", "b"}, canaryValue, core.NoTTL}
	faulty := newFaultyTest(t)
	if !faulty.Supports(core.CanAll) {
		t.Error("Supports(everything) is false over a store that can")
	}
	faulty.Disable(core.CanKeys | core.CanPing)
	if faulty.Supports(core.CanKeys) || faulty.Supports(core.CanAll) || !faulty.Supports(core.CanCull) {
		t.Error("Supports does not deny what was disabled, and that alone")
	}
	faulty.Disable(core.CanAll)
	for _, m := range wrapperMethods {
		if m.capability == 0 {
			continue
		}
		if err := m.call(t.Context(), faulty, a).err(); err != errors.ErrUnsupported {
			t.Errorf("%s returned %v, want a bare errors.ErrUnsupported", m.name, err)
		}
	}
	if faulty.Calls("Keys") != 0 {
		t.Error("a call of a disabled capability was counted")
	}
}

func TestInjectPanicsForAMisspeltMethod(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Inject of a fault in method Gett did not panic")
		}
	}()
	NewFaulty(newBase()).Inject(Fault{Method: "Gett"})
}

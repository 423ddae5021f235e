package redis

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
)

// collect returns the names of a listing, in order, and its errors.
func collect(listing iter.Seq2[string, error]) (names []string, errs []error) {
	for name, err := range listing {
		if err != nil {
			errs = append(errs, err)
		} else {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, errs
}

func TestKeysOverPages(t *testing.T) {
	f, store := newFake(t, nil)
	var large []string
	for i := range 3500 { // SCAN may return more than it was asked for
		large = append(large, fmt.Sprintf("c::key%04d", i))
	}
	f.pages = [][]string{{}, {"c::a", "c::b"}, {}, {"c::b", "other::x", "c:b", "c::", "c::\xff", "c::a"}, large, large[:10], {}}
	names, errs := collect(store.Keys(t.Context(), "c"))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := []string{"a", "b"}
	for _, name := range large {
		want = append(want, name[len("c::"):])
	}
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("Keys yields %d names, want %d", len(names), len(want))
	}
}

func TestCollectionsOverPages(t *testing.T) {
	f, store := newFake(t, nil)
	f.pages = [][]string{{"a::1", "a::2", "b::1", "::x", "plain"}, {"a::3", "c::1", "~kv1~x%3a%3a::1", "~kv1~bad::1"}}
	names, errs := collect(store.Collections(t.Context()))
	if want := []string{"a", "b", "c", "x::"}; len(errs) > 0 || !slices.Equal(names, want) {
		t.Errorf("Collections yields %q, %v; want %q", names, errs, want)
	}
	// Of a collection that is known to be there nothing else is looked at.
	asked := 0
	for _, arguments := range f.sent {
		if arguments[0] == "pttl" {
			asked++
		}
	}
	if asked != 5 {
		t.Errorf("the server was asked for the end of %d names, want 5", asked)
	}
}

// What the server removes soon may have expired, and what is gone is gone.
func TestKeysThatEnd(t *testing.T) {
	f, store := newFake(t, nil)
	past, future := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	put := func(key string, expires time.Time, life time.Duration) {
		f.data["c::"+key] = string(managedEntry("c", key, expires))
		f.life["c::"+key] = life
	}
	put("expired", past, time.Second)
	put("live", future, time.Second)
	put("long", past, time.Hour) // it is not read
	put("gone", future, gone)
	put("moved", future, time.Second)
	f.data["c::moved"] = string(managedEntry("c", "elsewhere", future))
	f.data["c::text"], f.life["c::text"] = "text", time.Second
	f.data["c::text for ever"] = "text"
	names, errs := collect(store.Keys(t.Context(), "c"))
	if want := []string{"live", "long", "text for ever"}; !slices.Equal(names, want) {
		t.Errorf("Keys yields %q, want %q", names, want)
	}
	if len(errs) != 1 || !errors.Is(errs[0], core.ErrCorrupt) {
		t.Errorf("Keys yields the errors %v, want ErrCorrupt for the text that was read", errs)
	}
	for _, arguments := range f.sent {
		if arguments[0] == "get" && arguments[1] == "c::long" {
			t.Error("an entry that ends much later was read")
		}
	}
}

// A key that has moved to another node while the cluster is listed is there.
func TestKeysThatMove(t *testing.T) {
	f, store := newFake(t, &Options{VerifyListing: true})
	f.data["c::here"] = string(managedEntry("c", "here", time.Time{}))
	f.pages = [][]string{{"c::here", "c::moved"}}
	f.answer = func(cmd redis.Cmder) error {
		if cmd.Args()[0] != "scan" && cmd.Args()[1] == "c::moved" {
			return replied("MOVED 42 127.0.0.1:7000")
		}
		return errPass
	}
	for _, verify := range []bool{true, false} {
		listing, err := New(store.Client(), &Options{VerifyListing: verify})
		if err != nil {
			t.Fatal(err)
		}
		names, errs := collect(listing.Keys(t.Context(), "c"))
		if want := []string{"here", "moved"}; len(errs) > 0 || !slices.Equal(names, want) {
			t.Errorf("Keys yields %q, %v; want %q", names, errs, want)
		}
	}
}

// An error in the middle ends the listing, whatever the step.
func TestKeysThatFail(t *testing.T) {
	for _, command := range []string{"scan", "pttl", "get"} {
		f, store := newFake(t, &Options{VerifyListing: command == "get"})
		f.data["c::k"] = string(managedEntry("c", "k", time.Time{}))
		lost := errors.New("connection lost")
		f.answer = func(cmd redis.Cmder) error {
			if cmd.Name() == command {
				return lost
			}
			return errPass
		}
		names, errs := collect(store.Keys(t.Context(), "c"))
		if len(names) > 0 || len(errs) != 1 || !errors.Is(errs[0], lost) {
			t.Errorf("Keys, when %s fails, yields %q, %v; want the error", command, names, errs)
		}
	}
}

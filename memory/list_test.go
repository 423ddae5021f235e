package memory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// A key that is there throughout comes exactly once, whatever the body does.
func TestListingWhileChanging(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		const stay = 5000
		for i := range stay {
			put(t, s, "c", fmt.Sprint("stays", i), i)
			put(t, s, "c", fmt.Sprint("goes", i), i)
		}
		seen := make(map[string]int)
		for key, err := range s.Keys(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
			seen[key]++
			i := len(seen)
			put(t, s, "c", fmt.Sprint("comes", i), i)
			put(t, s, "c", fmt.Sprint("stays", i%stay), -i)
			if _, err := s.Delete(t.Context(), "c", fmt.Sprint("goes", i*7%stay)); err != nil {
				t.Fatal(err)
			}
			if i > 5*stay {
				t.Fatal("no end")
			}
		}
		for i := range stay {
			if n := seen[fmt.Sprint("stays", i)]; n != 1 {
				t.Fatalf("stays%d came %d times", i, n)
			}
		}
	})
}

func TestCollections(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		var want []string
		for i := range 300 {
			name := fmt.Sprint("c", i)
			want = append(want, name)
			for j := range 5 {
				put(t, s, name, fmt.Sprint("k", j), j)
			}
		}
		slices.Sort(want)
		if got := collect(t, s.Collections(t.Context())); !slices.Equal(got, want) {
			t.Errorf("%d collections: %q", len(got), got)
		}
		// One that loses its last entry before its turn does not come.
		count := 0
		for name, err := range s.Collections(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range want {
				if other != name {
					s.DestroyCollection(t.Context(), other)
				}
			}
			count++
		}
		if count != 1 {
			t.Errorf("%d collections came", count)
		}
	})
}

// The body may end a listing: by break, Close, Destroy, or its context.
func TestEndingAListing(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		for i := range 2000 {
			put(t, s, fmt.Sprint("c", i%3), fmt.Sprint("k", i), i)
		}
		ctx, cancel := context.WithCancel(t.Context())
		for _, end := range []struct {
			call func()
			want error
		}{{cancel, context.Canceled}, {func() { s.Destroy(t.Context()) }, nil}, {func() { s.Close() }, core.ErrClosed}} {
			for op, seq := range map[string]func(func(string, error) bool){
				"keys": s.Keys(ctx, "c0"), "collections": s.Collections(ctx),
			} {
				for i := range 2000 {
					s.Put(t.Context(), fmt.Sprint("c", i%3), fmt.Sprint("k", i), value(i), core.NoTTL)
				}
				for range seq {
					break
				}
				count := 0
				var last error
				for name, err := range seq {
					if last != nil {
						t.Errorf("%s went on with %q, %v", op, name, err)
					}
					if last = err; err == nil {
						count++
						end.call()
					}
				}
				if end.want != nil && !isError(last, op, end.want) || end.want == nil && last != nil || count > 1000 {
					t.Errorf("%s ended after %d names with %v, want %v", op, count, last, end.want)
				}
			}
			ctx = t.Context()
		}
	})
}

// The last name is not the end if its body closes the store.
func TestClosingAtTheLastName(t *testing.T) {
	for name, open := range stores {
		for _, op := range []string{"keys", "collections"} {
			s := open(t)
			put(t, s, "c", "k", 1)
			seq := s.Keys(t.Context(), "c")
			if op == "collections" {
				seq = s.Collections(t.Context())
			}
			var last error
			for _, err := range seq {
				last = err
				s.Close()
			}
			if !errors.Is(last, core.ErrClosed) {
				t.Errorf("%s: %s ended with %v", name, op, last)
			}
		}
	}
}

func TestCullStopsWithItsContext(t *testing.T) {
	s := newStore(t, &memory.Options{SweepInterval: -1})
	for i := range 5000 {
		if err := s.Put(t.Context(), "c", fmt.Sprint(i), value(i), 1); err != nil {
			t.Fatal(err)
		}
	}
	ctx := &countdown{Context: t.Context(), left: 3}
	count, err := s.Cull(ctx)
	if !errors.Is(err, context.Canceled) || count == 0 || count == 5000 {
		t.Errorf("Cull = %d, %v", count, err)
	}
	if rest, err := s.Cull(t.Context()); rest != 5000-count || err != nil {
		t.Errorf("the rest = %d, %v", rest, err)
	}
}

// countdown is a context that is done after it was asked a few times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

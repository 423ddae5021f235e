package driver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// lister is a fake whose listings a test writes down.
type lister struct {
	*fake
	pages  [][]driver.Listed
	fail   error // after the pages
	open   error
	closed int
}

func (l *lister) Keys(context.Context, string) (driver.Pager, error) {
	return &pages{lister: l, rest: l.pages}, l.open
}

func (l *lister) Collections(ctx context.Context) (driver.Pager, error) {
	return l.Keys(ctx, "")
}

type pages struct {
	*lister
	rest [][]driver.Listed
}

func (p *pages) Next(context.Context) ([]driver.Listed, bool, error) {
	if len(p.rest) == 0 {
		return nil, false, p.fail
	}
	page := p.rest[0]
	p.rest = p.rest[1:]
	return page, len(p.rest) > 0 || p.fail != nil, nil
}

func (p *pages) Close() error {
	p.closed++
	return nil
}

func page(names ...string) (page []driver.Listed) {
	for _, name := range names {
		page = append(page, driver.Listed{Name: name})
	}
	return page
}

// collect returns what a listing gave, errors in the form "!cause".
func collect(t *testing.T, seq iter.Seq2[string, error]) (got []string) {
	t.Helper()
	for name, err := range seq {
		switch {
		case err != nil && name != "":
			t.Errorf("a name and an error: %q, %v", name, err)
		case err != nil:
			got = append(got, "!"+errors.Unwrap(err).Error())
		default:
			got = append(got, name)
		}
	}
	return got
}

func TestListing(t *testing.T) {
	past := time.Now().Add(-time.Hour)
	l := &lister{fake: newFake(), pages: [][]driver.Listed{
		page("a", "b"), nil, {{Name: "gone", ExpiresAt: past}, {Name: "file", Err: core.ErrCorrupt}, {Name: "a"}}, page("c"),
	}}
	for _, c := range []struct {
		name    string
		options driver.Options
		want    []string
	}{
		{"as they come", driver.Options{}, []string{"a", "b", "!corrupt entry", "a", "c"}},
		{"twice", driver.Options{ListsTwice: true}, []string{"a", "b", "!corrupt entry", "c"}},
		{"hidden", driver.Options{ListsTwice: true, HidesExpired: true}, []string{"a", "b", "gone", "!corrupt entry", "c"}},
	} {
		s := driver.NewStore(l, &c.options)
		keys := s.Keys(t.Context(), "c")
		for range 2 { // each range starts anew
			if got := collect(t, keys); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	}
	s := driver.NewStore(l, nil)
	if got, want := collect(t, s.Collections(t.Context())), []string{"a", "b", "!corrupt entry", "c"}; !slices.Equal(got, want) {
		t.Errorf("Collections = %q, want each once: %q", got, want)
	}
	l.closed = 0
	for name, err := range s.Keys(t.Context(), "c") {
		if name == "b" || err != nil {
			break
		}
	}
	for _, err := range s.Keys(t.Context(), "c") {
		if err != nil {
			break
		}
	}
	if l.closed != 2 {
		t.Errorf("of 2 listings broken out of, %d were closed", l.closed)
	}
}

func TestListingErrors(t *testing.T) {
	l := &lister{fake: newFake(), pages: [][]driver.Listed{page("a")}, fail: io.EOF}
	s := driver.NewStore(l, nil)
	if got := collect(t, s.Keys(t.Context(), "c")); !slices.Equal(got, []string{"a", "!EOF"}) {
		t.Errorf("a connection that ends = %q; want an error, not the end of the listing", got)
	}
	l.fail = driver.ErrNotSetUp
	if got := collect(t, s.Keys(t.Context(), "c")); !slices.Equal(got, []string{"a"}) {
		t.Errorf("a table dropped meanwhile = %q, want the end of the listing", got)
	}
	l.open = errBroken
	if got := collect(t, s.Keys(t.Context(), "c")); !slices.Equal(got, []string{"!the connection broke"}) {
		t.Errorf("a listing that cannot be opened = %q", got)
	}
	if got := collect(t, s.Keys(t.Context(), "\xff")); len(got) != 1 {
		t.Errorf("an illegal collection = %q", got)
	}
}

// The body of the loop may close the store, cancel, or take its time.
func TestListingBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		soon := time.Now().Add(time.Second)
		l := &lister{fake: newFake(), pages: [][]driver.Listed{{{Name: "a"}, {Name: "b", ExpiresAt: soon}, {Name: "c"}}, page("d")}}
		s := driver.NewStore(l, nil)
		var got []string
		for name, err := range s.Keys(t.Context(), "c") {
			if err != nil {
				t.Error(err)
			}
			got = append(got, name)
			time.Sleep(time.Second)
		}
		if !slices.Equal(got, []string{"a", "c", "d"}) {
			t.Errorf("names = %q; b expired before its turn", got)
		}

		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var last error
		for _, err := range s.Keys(ctx, "c") {
			last = err
			cancel()
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("after cancelling in the body = %v", last)
		}
		for name, err := range s.Keys(t.Context(), "c") {
			last = err
			if name == "c" {
				s.Close() // at the end of a page
			}
		}
		if !errors.Is(last, core.ErrClosed) {
			t.Errorf("after Close in the body = %v", last)
		}
	})
}

func TestResume(t *testing.T) {
	all := make([]driver.Listed, 2*driver.PageSize+1)
	for i := range all {
		all[i].Name = fmt.Sprintf("%05d", i)
	}
	for _, n := range []int{0, 1, driver.PageSize, driver.PageSize + 1, len(all)} {
		calls := 0
		resume := driver.Resume(func(_ context.Context, after string, limit int) ([]driver.Listed, error) {
			calls++
			rest := all[:n]
			for len(rest) > 0 && rest[0].Name <= after {
				rest = rest[1:]
			}
			return rest[:min(limit, len(rest))], nil
		})
		for kind, pager := range map[string]driver.Pager{"Resume": resume, "Names": driver.Names(all[:n])} {
			var got []driver.Listed
			for more := true; more; {
				page, m, err := pager.Next(t.Context())
				if err != nil || len(page) > driver.PageSize {
					t.Fatalf("%s: a page of %d, %v", kind, len(page), err)
				}
				got, more = append(got, page...), m
			}
			if !slices.Equal(got, all[:n]) {
				t.Errorf("%s of %d names gave %d", kind, n, len(got))
			}
			if err := pager.Close(); err != nil {
				t.Error(err)
			}
		}
		if want := n/driver.PageSize + 1; calls != want {
			t.Errorf("%d names took %d calls, want %d", n, calls, want)
		}
	}
	broken := driver.Resume(func(context.Context, string, int) ([]driver.Listed, error) { return nil, errBroken })
	if _, more, err := broken.Next(t.Context()); more || err != errBroken {
		t.Errorf("Next = %v, %v", more, err)
	}
}

// culler is a fake for the operations that speak of the whole store.
type culler struct {
	*fake
	err error
}

func (c *culler) Cull(context.Context, time.Time) (int, error) { return 3, c.err }
func (c *culler) Ping(context.Context) error                   { return c.err }
func (c *culler) Destroy(context.Context) error                { return c.err }
func (c *culler) DestroyCollection(context.Context, string, time.Time) (bool, error) {
	return true, c.err
}

func TestMaintenance(t *testing.T) {
	b := &culler{fake: newFake()}
	s := driver.NewStore(b, nil)
	for _, want := range []error{nil, errBroken, core.ErrClosed} {
		if want == core.ErrClosed {
			s.Close()
		} else {
			b.err = want
		}
		count, cullErr := s.Cull(t.Context())
		existed, destroyErr := s.DestroyCollection(t.Context(), "c")
		for op, err := range map[string]error{
			"cull": cullErr, "destroy collection": destroyErr, "destroy": s.Destroy(t.Context()), "ping": s.Ping(t.Context()),
		} {
			var e *core.Error
			if !errors.Is(err, want) || want != nil && (!errors.As(err, &e) || e.Op != op) {
				t.Errorf("%s = %v, want %v", op, err, want)
			}
		}
		if want == nil && (count != 3 || !existed) {
			t.Errorf("Cull = %d, DestroyCollection = %v", count, existed)
		}
	}
	if _, err := driver.NewStore(b, nil).DestroyCollection(t.Context(), "\xff"); !errors.Is(err, core.ErrInvalidKey) {
		t.Errorf("DestroyCollection = %v", err)
	}
	if text := (driver.KeyErrors{"a": errBroken}).Error() + (driver.KeyErrors{"a": errBroken, "b": errBroken}).Error(); text != "1 key of the batch failed2 keys of the batch failed" {
		t.Errorf("KeyErrors = %q", text)
	}
}

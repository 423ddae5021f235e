package elasticsearch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	driver "github.com/elastic/go-elasticsearch/v8"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/elasticsearch"
)

// calls are one call of every kind on entries that are there.
var calls = map[string]func(ctx context.Context, s core.Store) error{
	"Get": func(ctx context.Context, s core.Store) error { _, err := s.Get(ctx, "c", "there"); return err },
	"GetMany": func(ctx context.Context, s core.Store) error {
		_, err := s.GetMany(ctx, "c", []string{"there"})
		return err
	},
	"Put": func(ctx context.Context, s core.Store) error { return s.Put(ctx, "c", "new", json.RawMessage(`{}`), 0) },
	"PutMany": func(ctx context.Context, s core.Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "x", Value: json.RawMessage(`{}`)}})
	},
	"Delete": func(ctx context.Context, s core.Store) error { _, err := s.Delete(ctx, "c", "new"); return err },
	"DeleteMany": func(ctx context.Context, s core.Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"x"})
		return err
	},
	"Insert": func(ctx context.Context, s core.Store) error {
		_, err := core.Insert(ctx, s, "c", "there", json.RawMessage(`{}`), 0)
		return err
	},
	"Keys": func(ctx context.Context, s core.Store) error {
		for _, err := range core.Keys(ctx, s, "c") {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"Collections": func(ctx context.Context, s core.Store) error {
		for _, err := range core.Collections(ctx, s) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"DestroyCollection": func(ctx context.Context, s core.Store) error {
		_, err := core.DestroyCollection(ctx, s, "another")
		return err
	},
	"Cull":  func(ctx context.Context, s core.Store) error { _, err := core.Cull(ctx, s); return err },
	"Ping":  core.Ping,
	"Setup": func(ctx context.Context, s core.Store) error { return core.Setup(ctx, s, "fresh "+time.Now().String()) },
}

const there = `{"who":"it was there all the time"}`

// patience is how much longer than its deadline a call may take, on a machine
// that is busy with other things.
const patience = 20 * time.Second

// within fails the test if a call takes much longer than its deadline.
func within(t *testing.T, what string, deadline time.Duration, call func(ctx context.Context) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	return returns(t, what, deadline, func() error { return call(ctx) })
}

func returns(t *testing.T, what string, deadline time.Duration, call func() error) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- call() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(deadline + patience):
		t.Fatalf("%s hangs", what)
		return nil
	}
}

func isFailure(err error) bool { return err != nil && !errors.Is(err, core.ErrNotFound) }

// behind returns a store whose connections go through a proxy, with an entry.
func behind(t *testing.T) (*elasticsearch.Store, *proxy.Proxy) {
	t.Helper()
	c := shared(t)
	p := proxy.New(t, strings.TrimPrefix(c.address, "http://"))
	through := &cluster{address: "http://" + p.Address, prefix: c.prefix}
	store := through.open(t, "")
	if err := store.Put(t.Context(), "c", "there", json.RawMessage(there), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	return store, p
}

// recovers waits until the store works again.
func recovers(t *testing.T, store core.Store) {
	t.Helper()
	var err error
	for end := time.Now().Add(2 * patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		err = within(t, "get", 5*time.Second, func(ctx context.Context) error {
			entry, err := store.Get(ctx, "c", "there")
			if err == nil && string(entry.Value) != there {
				t.Errorf("got %s", entry.Value)
			}
			return err
		})
		if err == nil {
			return
		}
	}
	t.Fatalf("the store does not recover: %v", err)
}

// A connection on which nothing comes, or that breaks: every call is an error in
// time, and none is a miss. Afterwards the same store works again.
func TestBrokenConnections(t *testing.T) {
	store, p := behind(t)
	for name, mode := range map[string]proxy.Mode{"stall": proxy.Stall, "reset": proxy.Reset, "refuse": proxy.Refuse, "lose": proxy.Lose} {
		for method, call := range calls {
			p.Set(mode)
			what := fmt.Sprintf("%s on connections that %s", method, name)
			err := within(t, what, 250*time.Millisecond, func(ctx context.Context) error { return call(ctx, store) })
			if !isFailure(err) {
				t.Errorf("%s: %v", what, err)
			}
			if mode == proxy.Stall && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v does not say that the deadline is over", what, err)
			}
		}
		p.Set(proxy.Pass)
		recovers(t, store)
	}
}

// Cancellation ends a call at once.
func TestCancellation(t *testing.T) {
	store, p := behind(t)
	p.Set(proxy.Stall)
	for method, call := range calls {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		if err := returns(t, method, 0, func() error { return call(ctx, store) }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s = %v; want that it was cancelled", method, err)
		}
		cancel()
	}
}

// An answer that ends anywhere is the right one, if the driver asks again, or an
// error.
func TestTruncatedAnswers(t *testing.T) {
	store, p := behind(t)
	for bytes := 0; bytes < 700; bytes += 9 {
		p.Truncate(bytes)
		var entry core.Entry
		err := within(t, "get", 5*time.Second, func(ctx context.Context) (err error) {
			entry, err = store.Get(ctx, "c", "there")
			return err
		})
		if !isFailure(err) && (err != nil || string(entry.Value) != there) {
			t.Errorf("get after %d bytes: %s, %v", bytes, entry.Value, err)
		}
	}
	if p.Truncated() < 20 {
		t.Errorf("%d answers were cut off: that tests too little", p.Truncated())
	}
	p.Set(proxy.Pass)
	recovers(t, store)
}

// A write that was performed, and whose answer is lost, is not reported as the
// opposite of what happened.
func TestLostAnswers(t *testing.T) {
	store, p := behind(t)
	lost, truths := 0, 0
	for i := range 12 {
		key := fmt.Sprint("key", i)
		p.LoseReplies(1 + i%4) // the driver sends four times in all
		var inserted bool
		err := within(t, "insert", 5*time.Second, func(ctx context.Context) (err error) {
			inserted, err = store.Insert(ctx, "c", key, json.RawMessage(`{"n":1}`), time.Hour)
			return err
		})
		if p.Lost() == 0 {
			lost++
		}
		if err == nil && !inserted {
			t.Errorf("insert of a new key answered false")
		}
		if inserted {
			truths++
		}
		for name, remove := range map[string]func(ctx context.Context) (bool, error){
			"delete": func(ctx context.Context) (bool, error) { return store.Delete(ctx, "c", key) },
			"delete many": func(ctx context.Context) (bool, error) {
				count, err := store.DeleteMany(ctx, "c", []string{key})
				return count == 1, err
			},
		} {
			// The reading before may lose its answer, or the deletion.
			for replies := range 3 {
				p.Set(proxy.Pass)
				recovers(t, store)
				if err := store.Put(t.Context(), "c", key, json.RawMessage(`{"n":2}`), time.Hour); err != nil {
					t.Fatal(err)
				}
				p.LoseReplies(1 + replies)
				var deleted bool
				err := within(t, name, 5*time.Second, func(ctx context.Context) (err error) {
					deleted, err = remove(ctx)
					return err
				})
				if err == nil && !deleted {
					t.Errorf("%s of an entry that was there answered false", name)
				}
			}
		}
		p.Set(proxy.Pass)
		recovers(t, store)
	}
	if lost == 0 || truths == 0 {
		t.Errorf("%d answers were lost, %d inserts were true: that tests nothing", lost, truths)
	}
}

// The answer to the deletion alone is lost, and the driver's second attempt is
// told that there is nothing.
func TestLostAnswerOfDeletion(t *testing.T) {
	c := shared(t)
	p := proxy.New(t, strings.TrimPrefix(c.address, "http://"))
	client, err := driver.NewClient(driver.Config{Addresses: []string{"http://" + p.Address}})
	if err != nil {
		t.Fatal(err)
	}
	store, err := elasticsearch.New(&before{Client: client, path: "/_bulk", does: func() { p.LoseReplies(1) }}, &elasticsearch.Options{Prefix: c.prefix})
	if err != nil {
		t.Fatal(err)
	}
	direct := c.open(t, "")
	for range 5 {
		if err := direct.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if live, err := store.Delete(t.Context(), "c", "k"); live || err == nil {
			t.Errorf("Delete whose answer was lost = %v, %v; want an error", live, err)
		}
		p.Set(proxy.Pass)
		if _, err := direct.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
			t.Errorf("Get = %v; the entry was to be deleted", err)
		}
	}
	// The same for Insert, which looks whether its record is there.
	for i := range 5 {
		if inserted, err := store.Insert(t.Context(), "c", fmt.Sprint("new", i), json.RawMessage(`{}`), time.Hour); !inserted || err != nil {
			t.Errorf("Insert whose answer was lost = %v, %v; want true", inserted, err)
		}
		p.Set(proxy.Pass)
	}
}

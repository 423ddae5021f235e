package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

var errClosedTwice = errors.New("already closed")

// set is a set of names that may be used concurrently.
type set struct {
	mutex sync.Mutex
	names map[string]bool
}

// add reports whether the name was not there yet.
func (s *set) add(name string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.names == nil {
		s.names = map[string]bool{}
	}
	there := s.names[name]
	s.names[name] = true
	return !there
}

func (s *set) has(name string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.names[name]
}

// remembersClose has the store note that it was closed.
func remembersClose(a *altered) *atomic.Bool {
	var closed atomic.Bool
	a.close = func() error { closed.Store(true); return a.reference.Close() }
	return &closed
}

var brokenLifecycles = []brokenStore{
	{name: "Get works after Close", rule: 13, alter: func(a *altered) {
		closed := remembersClose(a)
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if entry, there := a.undead(collection, key); closed.Load() && there && ctx.Err() == nil {
				return entry, nil
			}
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "Close does nothing", rule: 13, alter: func(a *altered) { a.close = func() error { return nil } }},
	{name: "an empty batch works after Close", rule: 13, alter: func(a *altered) {
		closed := remembersClose(a)
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			if closed.Load() && len(keys) == 0 && ctx.Err() == nil {
				return 0, nil
			}
			return a.reference.DeleteMany(ctx, collection, keys)
		}
	}},
	{name: "Keys is empty after Close", rule: 13, alter: func(a *altered) {
		closed := remembersClose(a)
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			if closed.Load() && ctx.Err() == nil {
				return func(func(string, error) bool) {}
			}
			return a.reference.Keys(ctx, collection)
		}
	}},
	{name: "Setup works after Close", rule: 13, alter: func(a *altered) {
		closed := remembersClose(a)
		a.setup = func(ctx context.Context, collections ...string) error {
			if closed.Load() && ctx.Err() == nil {
				return nil
			}
			return a.reference.Setup(ctx, collections...)
		}
	}},
	{name: "a closed store gives another error", rule: 13, alter: func(a *altered) {
		closed := remembersClose(a)
		a.ping = func(ctx context.Context) error {
			if closed.Load() && ctx.Err() == nil {
				return refusal("ping", "", "", errOfDatabase)
			}
			return a.reference.Ping(ctx)
		}
	}},
	{name: "ErrClosed is bare", rule: 13, alter: func(a *altered) {
		closed := remembersClose(a)
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if closed.Load() && ctx.Err() == nil {
				return core.Entry{}, core.ErrClosed
			}
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "Close twice is an error", rule: 13, alter: func(a *altered) {
		var closed atomic.Bool
		a.close = func() error {
			if closed.Swap(true) {
				return errClosedTwice
			}
			return a.reference.Close()
		}
	}},
	{name: "only the second Close closes", rule: 13, alter: func(a *altered) {
		var closed atomic.Bool
		a.close = func() error {
			if closed.Swap(true) {
				return a.reference.Close()
			}
			return nil
		}
	}},
	{name: "Close ends calls with an error of the driver", rule: 13, alter: func(a *altered) {
		closed := remembersClose(a)
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			was := closed.Load()
			if len(key) == len("key-00000") {
				sleepy()
			}
			if !was && closed.Load() {
				return refusal("put", collection, key, errOfDatabase)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "Close inside a listing waits for the listing", rule: 13, alter: func(a *altered) {
		var listings atomic.Int32
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				listings.Add(1)
				defer listings.Add(-1)
				a.reference.Keys(ctx, collection)(yield)
			}
		}
		a.close = func() error {
			for range 10_000 {
				if listings.Load() == 0 {
					return a.reference.Close()
				}
				sleepy()
			}
			return errOfDatabase
		}
	}},
	{name: "Close inside a listing of collections ends it as if complete", rule: 13, alter: func(a *altered) {
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return silent(a.reference.Collections(ctx), core.ErrClosed)
		}
	}},

	{name: "Setup twice is an error", rule: 14, alter: func(a *altered) {
		var done set
		a.setup = func(ctx context.Context, collections ...string) error {
			for _, collection := range collections {
				if !done.add(collection) && ctx.Err() == nil {
					return refusal("setup", collection, "", core.ErrSetup)
				}
			}
			return a.reference.Setup(ctx, collections...)
		}
	}},
	{name: "Setup empties the collection", rule: 14, alter: func(a *altered) {
		a.setup = func(ctx context.Context, collections ...string) error {
			for _, collection := range collections {
				a.reference.DestroyCollection(ctx, collection)
			}
			return a.reference.Setup(ctx, collections...)
		}
	}},
	{name: "Setup makes an entry", rule: 14, alter: func(a *altered) {
		a.setup = func(ctx context.Context, collections ...string) error {
			for _, collection := range collections {
				a.reference.Put(ctx, collection, "storetest", json.RawMessage(`{}`), time.Hour)
			}
			return a.reference.Setup(ctx, collections...)
		}
	}},
	{name: "Get makes the collection", rule: 14, alter: func(a *altered) {
		var touched set
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			touched.add(collection)
			return a.reference.Get(ctx, collection, key)
		}
		a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
			existed, err := a.reference.DestroyCollection(ctx, collection)
			return err == nil && (existed || touched.has(collection)), err
		}
	}},
	{name: "only one of the first writes succeeds", rule: 14, alter: func(a *altered) {
		var begun, made set
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if begun.add(collection) {
				sleepy()
				made.add(collection)
			} else if !made.has(collection) {
				return refusal("put", collection, key, core.ErrSetup)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "a collection that was destroyed is gone for ever", rule: 14, alter: func(a *altered) {
		var destroyed set
		a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
			existed, err := a.reference.DestroyCollection(ctx, collection)
			if existed {
				destroyed.add(collection)
			}
			return existed, err
		}
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if destroyed.has(collection) {
				return refusal("put many", collection, "", core.ErrSetup)
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "writers beside DestroyCollection fail", rule: 14, alter: func(a *altered) {
		var destroying atomic.Int32
		a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
			destroying.Add(1)
			defer destroying.Add(-1)
			sleepy()
			return a.reference.DestroyCollection(ctx, collection)
		}
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if ttl == 0 && len(key) == len("key-00000") {
				sleepy()
			}
			if destroying.Load() > 0 {
				return refusal("put", collection, key, errOfDatabase)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "DestroyCollection always answers true", rule: 14, alter: func(a *altered) {
		a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
			_, err := a.reference.DestroyCollection(ctx, collection)
			return err == nil, err
		}
	}},
	{name: "DestroyCollection removes 1,000 entries", rule: 14, alter: func(a *altered) {
		a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
			var keys []string
			for key := range a.reference.Keys(ctx, collection) {
				keys = append(keys, key)
			}
			if slices.Sort(keys); len(keys) > 1000 {
				n, err := a.reference.DeleteMany(ctx, collection, keys[:1000])
				return n > 0, err
			}
			return a.reference.DestroyCollection(ctx, collection)
		}
	}},
	{name: "Destroy leaves the other collections", rule: 14, alter: func(a *altered) {
		a.destroy = func(ctx context.Context) error {
			if ctx.Err() != nil {
				return a.reference.Destroy(ctx)
			}
			for name := range a.reference.Collections(ctx) {
				_, err := a.reference.DestroyCollection(ctx, name)
				return err
			}
			return a.reference.Destroy(ctx)
		}
	}},
	{name: "Destroy closes the store", rule: 14, alter: func(a *altered) {
		a.destroy = func(ctx context.Context) error {
			err := a.reference.Destroy(ctx)
			if err == nil {
				a.reference.Close()
			}
			return err
		}
	}},
}

// silent is a listing that takes an error for its end.
func silent(names iter.Seq2[string, error], end error) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		begun := false
		for name, err := range names {
			if begun && errors.Is(err, end) {
				return
			}
			begun = true
			if !yield(name, err) {
				return
			}
		}
	}
}

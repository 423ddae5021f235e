package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

var brokenContexts = []brokenStore{
	{name: "Get ignores the context", rule: 10, alter: func(a *altered) {
		a.get = func(_ context.Context, collection, key string) (core.Entry, error) {
			return a.reference.Get(context.Background(), collection, key)
		}
	}},
	{name: "Put ignores the context", rule: 10, alter: func(a *altered) {
		a.put = func(_ context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			return a.reference.Put(context.Background(), collection, key, value, ttl)
		}
	}},
	{name: "Put writes although the context is done", rule: 10, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			a.reference.Put(context.Background(), collection, key, value, ttl)
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "Delete deletes although the context is done", rule: 10, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			if ctx.Err() != nil {
				a.reference.Delete(context.Background(), collection, key)
			}
			return a.reference.Delete(ctx, collection, key)
		}
	}},
	{name: "Insert inserts although the context is done", rule: 10, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			if ctx.Err() != nil {
				a.reference.Insert(context.Background(), collection, key, value, ttl)
			}
			return a.reference.Insert(ctx, collection, key, value, ttl)
		}
	}},
	{name: "an empty batch ignores the context", rule: 10, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if len(items) == 0 {
				return nil
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "Keys ignores the context", rule: 10, alter: func(a *altered) {
		a.keys = func(_ context.Context, collection string) iter.Seq2[string, error] {
			return a.reference.Keys(context.Background(), collection)
		}
	}},
	{name: "Destroy ignores the context", rule: 10, alter: func(a *altered) {
		a.destroy = func(context.Context) error { return a.reference.Destroy(context.Background()) }
	}},
	{name: "Cull ignores the context", rule: 10, alter: func(a *altered) {
		a.cull = func(context.Context) (int, error) { return a.reference.Cull(context.Background()) }
	}},
	{name: "Ping ignores the context", rule: 10, alter: func(a *altered) {
		a.ping = func(context.Context) error { return a.reference.Ping(context.Background()) }
	}},
	{name: "a done context is another error", rule: 10, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if ctx.Err() != nil {
				return core.Entry{}, refusal("get", collection, key, errors.New("i/o timeout"))
			}
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "a done context is a bare error", rule: 18, alter: func(a *altered) {
		a.ping = func(ctx context.Context) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return a.reference.Ping(ctx)
		}
	}},
	{name: "a cancelled context is a DeadlineExceeded", rule: 10, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			if ctx.Err() != nil {
				return false, refusal("delete", collection, key, context.DeadlineExceeded)
			}
			return a.reference.Delete(ctx, collection, key)
		}
	}},
	{name: "names are looked at before the context", rule: 10, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if err := core.CheckKey(key); err != nil {
				return core.Entry{}, refusal("get", collection, key, err)
			}
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "values are looked at before the context", rule: 10, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if err := core.CheckValue(value); err != nil {
				return refusal("put", collection, key, err)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "names are looked at before whether it is closed", rule: 10, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			if err := core.CheckKey(key); err != nil && ctx.Err() == nil {
				return false, refusal("delete", collection, key, err)
			}
			return a.reference.Delete(ctx, collection, key)
		}
	}},
	{name: "closed comes before the context", rule: 10, alter: func(a *altered) {
		var closed atomic.Bool
		a.close = func() error { closed.Store(true); return a.reference.Close() }
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if closed.Load() {
				return core.Entry{}, refusal("get", collection, key, core.ErrClosed)
			}
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "a deadline ends with an error of the driver", rule: 10, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if len(items) > 100 && ctx.Err() == nil {
				sleepy()
				if ctx.Err() != nil {
					return refusal("put many", collection, "", errors.New("i/o timeout"))
				}
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "a deadline is not looked at", rule: 10, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if deadline, ok := ctx.Deadline(); ok && ctx.Err() == nil && time.Until(deadline) < 10*time.Millisecond {
				time.Sleep(time.Hour)
			}
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "a cancelled call ends with an error of the driver", rule: 10, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if ctx.Err() == nil && len(key) == len("key-00000") {
				sleepy()
			}
			err := a.reference.Put(ctx, collection, key, value, ttl)
			if errors.Is(err, context.Canceled) && len(key) == len("key-00000") {
				return refusal("put", collection, key, errors.New("use of closed network connection"))
			}
			return err
		}
	}},
	{name: "a listing goes on although it was cancelled and ends as if complete", rule: 10, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				begun := false
				for name, err := range a.reference.Keys(ctx, collection) {
					if begun && errors.Is(err, context.Canceled) {
						return
					}
					begun = true
					if !yield(name, err) {
						return
					}
				}
			}
		}
	}},
}

var brokenConcurrency = []brokenStore{
	{name: "Put removes the entry first", rule: 11, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if core.CheckValue(value) == nil && ctx.Err() == nil {
				a.reference.Delete(ctx, collection, key)
				sleepy()
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "Put writes in two steps", rule: 11, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if len(value) > 2000 && core.CheckValue(value) == nil {
				half := append([]byte(nil), value...)
				for i := 1000; i < 1500; i++ {
					half[i] = '#'
				}
				a.reference.Put(ctx, collection, key, half, ttl)
				sleepy()
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "two calls at once are refused", rule: 11, alter: func(a *altered) {
		var calls atomic.Int32
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			defer calls.Add(-1)
			if calls.Add(1) > 1 {
				return core.Entry{}, refusal("get", collection, key, errOfDatabase)
			}
			sleepy()
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "PutMany writes the whole collection back", rule: 11, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if legalItems(ctx, collection, items) && len(items) == 2 {
				for key := range a.reference.Keys(ctx, collection) {
					if old, err := a.reference.Get(ctx, collection, key); err == nil {
						sleepy()
						a.reference.Put(ctx, collection, key, old.Value, core.NoTTL)
					}
				}
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "Keys beside writers has a key twice", rule: 11, alter: func(a *altered) {
		var writes atomic.Int32
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			defer writes.Add(1)
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				before := writes.Load()
				for name, err := range a.reference.Keys(ctx, collection) {
					if !yield(name, err) {
						return
					}
				}
				sleepy()
				if writes.Load() == before {
					return
				}
				for name, err := range a.reference.Keys(ctx, collection) {
					if !yield(name, err) {
						return
					}
				}
			}
		}
	}},
	{name: "Ping breaks Get beside it", rule: 11, alter: func(a *altered) {
		var pings atomic.Int32
		a.ping = func(ctx context.Context) error {
			pings.Add(1)
			defer pings.Add(-1)
			sleepy()
			return a.reference.Ping(ctx)
		}
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			if pings.Load() > 0 {
				return nil, refusal("get many", collection, "", errOfDatabase)
			}
			sleepy()
			return a.reference.GetMany(ctx, collection, keys)
		}
	}},
}

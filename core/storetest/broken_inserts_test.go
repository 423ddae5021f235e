package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

type insertFunc = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error)

// inserts replaces Insert by one that is made of that of the reference.
func inserts(insert func(a *altered, reference insertFunc) insertFunc) func(*altered) {
	return func(a *altered) { a.insert = insert(a, a.reference.Insert) }
}

var brokenInserts = []brokenStore{
	{name: "Insert is Get and Put", rule: 16, alter: inserts(func(a *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			if _, err := a.reference.Get(ctx, collection, key); err != core.ErrNotFound {
				return insert(ctx, collection, key, value, ttl)
			}
			sleepy()
			err := a.reference.Put(ctx, collection, key, value, ttl)
			return err == nil, core.MapErrors(err, func(e core.Error) core.Error { e.Op = "insert"; return e })
		}
	})},
	{name: "Insert is repeated after a lost reply", rule: 16, alter: inserts(func(_ *altered, insert insertFunc) insertFunc {
		var calls atomic.Int32
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			inserted, err := insert(ctx, collection, key, value, ttl)
			if inserted && calls.Add(1)%10 == 0 {
				return insert(ctx, collection, key, value, ttl)
			}
			return inserted, err
		}
	})},
	{name: "Insert is told true for the value that is there", rule: 16, alter: inserts(func(a *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			inserted, err := insert(ctx, collection, key, value, ttl)
			if err == nil && !inserted {
				entry, _ := a.reference.Get(ctx, collection, key)
				inserted = bytes.Equal(entry.Value, value)
			}
			return inserted, err
		}
	})},
	{name: "Insert always answers true", rule: 16, alter: inserts(func(_ *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			_, err := insert(ctx, collection, key, value, ttl)
			return err == nil, err
		}
	})},
	{name: "Insert replaces", rule: 16, alter: inserts(func(a *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			inserted, err := insert(ctx, collection, key, value, ttl)
			if err == nil && !inserted {
				a.reference.Put(ctx, collection, key, value, ttl)
			}
			return inserted, err
		}
	})},
	{name: "a refused Insert is an error", rule: 16, alter: inserts(func(_ *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			inserted, err := insert(ctx, collection, key, value, ttl)
			if err == nil && !inserted {
				err = refusal("insert", collection, key, errOfDatabase)
			}
			return inserted, err
		}
	})},
	{name: "a refused Insert renews the time to live", rule: 16, alter: inserts(func(a *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			inserted, err := insert(ctx, collection, key, value, ttl)
			if entry, there := a.undead(collection, key); err == nil && !inserted && there && ttl > 0 {
				a.reference.Put(ctx, collection, key, entry.Value, ttl)
			}
			return inserted, err
		}
	})},
	{name: "an expired entry is in the way of Insert", rule: 16, alter: inserts(func(a *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			if entry, there := a.undead(collection, key); there && entry.Expired() {
				return false, nil
			}
			return insert(ctx, collection, key, value, ttl)
		}
	})},
	{name: "Insert over an expired entry is not atomic", rule: 16, alter: inserts(func(a *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			if entry, there := a.undead(collection, key); there && entry.Expired() {
				sleepy()
				a.reference.Delete(ctx, collection, key)
			}
			return insert(ctx, collection, key, value, ttl)
		}
	})},
	{name: "Insert after Delete is refused", rule: 16, alter: func(a *altered) {
		var deleted set
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			live, err := a.reference.Delete(ctx, collection, key)
			if live {
				deleted.add(collection + "/" + key)
			}
			return live, err
		}
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			if deleted.has(collection + "/" + key) {
				return false, nil
			}
			return a.reference.Insert(ctx, collection, key, value, ttl)
		}
	}},
	{name: "what was inserted never expires", rule: 16, alter: inserts(func(_ *altered, insert insertFunc) insertFunc {
		return func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			return insert(ctx, collection, key, value, min(ttl, 0))
		}
	})},
}

// sweeping has a read remove what it finds expired, some time later.
func sweeping(a *altered, collection, key string) {
	if entry, there := a.undead(collection, key); there && entry.Expired() {
		sleepy()
		a.reference.Delete(context.Background(), collection, key)
	}
}

var brokenSweeps = []brokenStore{
	{name: "Get removes what has expired", rule: 17, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			if err == core.ErrNotFound {
				sweeping(a, collection, key)
			}
			return entry, err
		}
	}},
	{name: "GetMany removes what has expired", rule: 17, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i, entry := range entries {
				if !entry.Found() {
					sweeping(a, collection, keys[i])
				}
			}
			return entries, err
		}
	}},
	{name: "GetAppend removes at once what has expired", rule: 17, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			if old, there := a.undead(collection, key); err == core.ErrNotFound && there && old.Expired() {
				a.reference.Delete(ctx, collection, key)
			}
			return entry, err
		}
	}},
	{name: "Keys removes what has expired", rule: 17, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for name := range a.shelfKeys(collection) {
					sweeping(a, collection, name)
				}
				a.reference.Keys(ctx, collection)(yield)
			}
		}
	}},
	{name: "Cull removes what it has read", rule: 17, alter: func(a *altered) {
		a.cull = func(ctx context.Context) (int, error) {
			if err := ctx.Err(); err != nil {
				return a.reference.Cull(ctx)
			}
			var expired []shelfName
			a.shelf.mutex.Lock()
			for name := range a.shelf.data {
				if entry, err := a.shelf.get(name.collection, name.key); err == nil && entry.Expired() {
					expired = append(expired, name)
				}
			}
			a.shelf.mutex.Unlock()
			sleepy()
			for _, name := range expired {
				if _, err := a.reference.Delete(ctx, name.collection, name.key); err != nil {
					return 0, core.MapErrors(err, func(e core.Error) core.Error { return core.Error{Op: "cull", Err: e.Err} })
				}
			}
			return len(expired), nil
		}
	}},
	{name: "Cull removes everything that will expire", rule: 17, alter: func(a *altered) {
		a.cull = func(ctx context.Context) (int, error) {
			n, err := a.reference.Cull(ctx)
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			for name := range a.shelf.data {
				if entry, bad := a.shelf.get(name.collection, name.key); bad == nil && err == nil && !entry.ExpiresAt.IsZero() {
					delete(a.shelf.data, name)
				}
			}
			return n, err
		}
	}},
	{name: "Cull removes nothing", rule: 17, alter: func(a *altered) {
		a.cull = func(ctx context.Context) (int, error) { return 0, a.reference.Ping(ctx) }
	}},
	{name: "Cull counts what is live", rule: 17, alter: func(a *altered) {
		a.cull = func(ctx context.Context) (int, error) {
			n, err := a.reference.Cull(ctx)
			if err != nil {
				return 0, err
			}
			return n + 1, nil
		}
	}},
	{name: "Delete removes what it has read", rule: 17, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			if entry, there := a.undead(collection, key); there && entry.Expired() {
				sleepy()
				_, err := a.reference.Delete(ctx, collection, key)
				return false, err
			}
			return a.reference.Delete(ctx, collection, key)
		}
	}},
	{name: "Insert over an expired entry is lost to a sweep", rule: 17, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			if err != nil {
				return a.reference.DeleteMany(ctx, collection, keys)
			}
			sleepy()
			count := 0
			for i, key := range keys {
				live, err := a.reference.Delete(ctx, collection, key)
				if err != nil && !errors.Is(err, core.ErrNotFound) {
					return count, err
				}
				if live && entries[i].Found() {
					count++
				}
			}
			return count, nil
		}
	}},
}

// shelfKeys are the keys of a collection, expired ones too.
func (a *altered) shelfKeys(collection string) map[string]bool {
	a.shelf.mutex.Lock()
	defer a.shelf.mutex.Unlock()
	keys := map[string]bool{}
	for name := range a.shelf.data {
		if name.collection == core.CollectionName(collection) {
			keys[name.key] = true
		}
	}
	return keys
}

var brokenCapabilities = []brokenStore{
	{name: "Supports says too little", rule: 19, alter: func(a *altered) {
		a.supports = func(wanted core.Capability) bool { return !wanted.Has(core.CanPing) }
	}},
	{name: "Supports is true for everything", rule: 19, alter: func(a *altered) {
		a.supports = func(core.Capability) bool { return true }
		a.insert = func(context.Context, string, string, json.RawMessage, time.Duration) (bool, error) {
			return false, errors.ErrUnsupported
		}
	}, option: func(o *Options) { o.Capabilities &^= core.CanInsert }},
	{name: "Supports of two is that of one", rule: 19, alter: func(a *altered) {
		a.supports = func(wanted core.Capability) bool {
			return wanted != core.CanAll&^core.CanCull && wanted&core.CanKeys != 0 || wanted&core.CanKeys == 0 && !wanted.Has(core.CanCull)
		}
	}, option: func(o *Options) { o.Capabilities &^= core.CanCull }},
	{name: "more can be done than is declared", rule: 19, option: func(o *Options) { o.Capabilities &^= core.CanCollections }},
	{name: "Keys is declared and unsupported", rule: 19, alter: func(a *altered) {
		a.keys = func(context.Context, string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) { yield("", errors.ErrUnsupported) }
		}
	}},
	{name: "Cull is declared and unsupported", rule: 19, alter: func(a *altered) {
		a.cull = func(context.Context) (int, error) { return 0, errors.ErrUnsupported }
	}},
	{name: "Destroy is declared and unsupported", rule: 19, alter: func(a *altered) {
		a.destroy = func(context.Context) error { return errors.ErrUnsupported }
	}},
	{name: "Destroy is not declared and destroys", rule: 19, option: func(o *Options) { o.Capabilities &^= core.CanDestroy },
		alter: func(a *altered) {
			a.supports = func(wanted core.Capability) bool { return (core.CanAll &^ core.CanDestroy).Has(wanted) }
		}},
	{name: "ErrUnsupported is wrapped", rule: 19, alter: func(a *altered) {
		a.supports = func(wanted core.Capability) bool {
			return (core.CanAll &^ core.CanDestroyCollection).Has(wanted)
		}
		a.destroyCollection = func(_ context.Context, collection string) (bool, error) {
			return false, refusal("destroy collection", collection, "", errors.ErrUnsupported)
		}
	}, option: func(o *Options) { o.Capabilities &^= core.CanDestroyCollection }},
	{name: "Ping always fails", rule: 19, alter: func(a *altered) {
		a.ping = func(ctx context.Context) error {
			if err := a.reference.Ping(ctx); err != nil {
				return err
			}
			return refusal("ping", "", "", errOfDatabase)
		}
	}},
	{name: "there is a panic", rule: 3, alter: func(a *altered) {
		a.get = func(context.Context, string, string) (core.Entry, error) { panic("on purpose") }
	}},
}

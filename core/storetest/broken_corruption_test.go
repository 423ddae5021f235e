package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// isCorrupt reports whether a corrupt entry lies under the key.
func (a *altered) isCorrupt(collection, key string) bool {
	a.shelf.mutex.Lock()
	defer a.shelf.mutex.Unlock()
	_, err := a.shelf.get(core.CollectionName(collection), key)
	return errors.Is(err, core.ErrCorrupt)
}

var brokenCorruption = []brokenStore{
	{name: "Get takes a corrupt entry for a miss", rule: 12, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			if errors.Is(err, core.ErrCorrupt) {
				err = core.ErrNotFound
			}
			return entry, err
		}
	}},
	{name: "GetAppend takes a corrupt entry for a miss", rule: 12, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			if errors.Is(err, core.ErrCorrupt) {
				err = core.ErrNotFound
			}
			return entry, err
		}
	}},
	{name: "GetMany takes a corrupt entry for a miss", rule: 12, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			if errors.Is(err, core.ErrCorrupt) {
				err = nil
			}
			return entries, err
		}
	}},
	{name: "Get deletes a corrupt entry", rule: 12, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			if errors.Is(err, core.ErrCorrupt) {
				a.reference.Delete(ctx, collection, key)
			}
			return entry, err
		}
	}},
	{name: "GetMany gives a wrong entry for a corrupt one", rule: 12, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i := range entries {
				if a.isCorrupt(collection, keys[i]) {
					entries[i].Value = []byte(`{}`)
				}
			}
			return entries, err
		}
	}},
	{name: "Keys ends at a corrupt entry", rule: 12, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				failed := false
				for _, err := range a.reference.Keys(ctx, collection) {
					failed = failed || errors.Is(err, core.ErrCorrupt)
				}
				if failed {
					yield("", refusal("keys", collection, "", core.ErrCorrupt))
					return
				}
				a.reference.Keys(ctx, collection)(yield)
			}
		}
	}},
	{name: "Keys gives a corrupt entry another error", rule: 12, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for name, err := range a.reference.Keys(ctx, collection) {
					if errors.Is(err, core.ErrCorrupt) {
						err = refusal("keys", collection, "", errOfDatabase)
					}
					if !yield(name, err) {
						return
					}
				}
			}
		}
	}},
	{name: "Put over a corrupt entry is refused", rule: 12, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if a.isCorrupt(collection, key) {
				return refusal("put", collection, key, core.ErrCorrupt)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "PutMany leaves corrupt entries", rule: 12, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			var sound []core.Item
			for _, item := range items {
				if !a.isCorrupt(collection, item.Key) {
					sound = append(sound, item)
				}
			}
			return a.reference.PutMany(ctx, collection, sound)
		}
	}},
	{name: "Delete of a corrupt entry is refused", rule: 12, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			if a.isCorrupt(collection, key) {
				return false, refusal("delete", collection, key, core.ErrCorrupt)
			}
			return a.reference.Delete(ctx, collection, key)
		}
	}},
	{name: "DeleteMany leaves corrupt entries", rule: 12, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			var sound []string
			for _, key := range keys {
				if !a.isCorrupt(collection, key) {
					sound = append(sound, key)
				}
			}
			return a.reference.DeleteMany(ctx, collection, sound)
		}
	}},
	{name: "Insert over a corrupt entry is just false", rule: 12, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			inserted, err := a.reference.Insert(ctx, collection, key, value, ttl)
			if errors.Is(err, core.ErrCorrupt) {
				err = nil
			}
			return inserted, err
		}
	}},
	{name: "Insert replaces a corrupt entry", rule: 12, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			inserted, err := a.reference.Insert(ctx, collection, key, value, ttl)
			if errors.Is(err, core.ErrCorrupt) {
				err = a.reference.Put(ctx, collection, key, value, ttl)
				inserted = err == nil
			}
			return inserted, err
		}
	}},
	{name: "Cull removes corrupt entries", rule: 12, alter: func(a *altered) {
		a.cull = func(ctx context.Context) (int, error) {
			n, err := a.reference.Cull(ctx)
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			for name := range a.shelf.data {
				if _, bad := a.shelf.get(name.collection, name.key); errors.Is(bad, core.ErrCorrupt) && err == nil {
					delete(a.shelf.data, name)
				}
			}
			return n, err
		}
	}},
	{name: "DestroyCollection stops before a corrupt entry", rule: 12, alter: func(a *altered) {
		a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
			for _, err := range a.reference.Keys(ctx, collection) {
				if errors.Is(err, core.ErrCorrupt) {
					return false, refusal("destroy collection", collection, "", core.ErrCorrupt)
				}
			}
			return a.reference.DestroyCollection(ctx, collection)
		}
	}},
	{name: "a miss is wrapped", rule: 12, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			if err == core.ErrNotFound {
				err = fmt.Errorf("shelf: %w", err)
			}
			return entry, err
		}
	}},
	{name: "a miss is a core.Error", rule: 18, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			if err == core.ErrNotFound {
				err = refusal("get", collection, key, err)
			}
			return entry, err
		}
	}},
	{name: "a miss is no error", rule: 12, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			if err == core.ErrNotFound {
				err = nil
			}
			return entry, err
		}
	}},
}

package wrappers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// readsThrough reads through a ReadOnly, and writes past it, so that the rules
// of reading and listing can be held against what was written.
type readsThrough struct {
	core.Full            // the ReadOnly
	inner     core.Store // what it is made of
}

func (r readsThrough) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	return r.inner.Put(ctx, collection, key, value, ttl)
}

func (r readsThrough) PutMany(ctx context.Context, collection string, items []core.Item) error {
	return r.inner.PutMany(ctx, collection, items)
}

func (r readsThrough) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	return core.Insert(ctx, r.inner, collection, key, value, ttl)
}

func (r readsThrough) Delete(ctx context.Context, collection, key string) (bool, error) {
	return r.inner.Delete(ctx, collection, key)
}

func (r readsThrough) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	return r.inner.DeleteMany(ctx, collection, keys)
}

func (r readsThrough) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	return core.DestroyCollection(ctx, r.inner, collection)
}

func (r readsThrough) Destroy(ctx context.Context) error     { return core.Destroy(ctx, r.inner) }
func (r readsThrough) Cull(ctx context.Context) (int, error) { return core.Cull(ctx, r.inner) }

func (r readsThrough) Setup(ctx context.Context, collections ...string) error {
	return core.Setup(ctx, r.inner, collections...)
}

func TestReadOnlyReadsByTheRules(t *testing.T) {
	storetest.Run(t, func(t *testing.T) core.Store {
		inner := newMemory(t)
		store, err := wrappers.NewReadOnly(inner, nil)
		if err != nil {
			t.Fatal(err)
		}
		return readsThrough{store, inner}
	}, &storetest.Options{Capabilities: core.CanAll, InProcess: true, ArgumentsFirst: true})
}

// missingDefault takes the default of a DefaultValue for the miss that it
// stands for. All else must be as without the wrapper.
type missingDefault struct {
	core.Full // the DefaultValue
	value     json.RawMessage
}

func (m missingDefault) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return m.missing(m.Full.Get(ctx, collection, key))
}

func (m missingDefault) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := m.Full.GetAppend(ctx, collection, key, dst)
	if err == nil && bytes.Equal(entry.Value[len(dst):], m.value) {
		return core.Entry{}, core.ErrNotFound
	}
	return entry, err
}

func (m missingDefault) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := m.Full.GetMany(ctx, collection, keys)
	for i, entry := range entries {
		if _, missing := m.missing(entry, nil); missing != nil {
			entries[i] = core.Entry{}
		}
	}
	return entries, err
}

func (m missingDefault) missing(entry core.Entry, err error) (core.Entry, error) {
	if err == nil && bytes.Equal(entry.Value, m.value) {
		return core.Entry{}, core.ErrNotFound
	}
	return entry, err
}

func TestDefaultValueKeepsTheRules(t *testing.T) {
	value := json.RawMessage(`{"default of the test":true}`)
	storetest.Run(t, func(t *testing.T) core.Store {
		store, err := wrappers.NewDefaultValue(newMemory(t), &wrappers.DefaultValueOptions{Value: value})
		if err != nil {
			t.Fatal(err)
		}
		return missingDefault{store, value}
	}, &storetest.Options{Capabilities: core.CanAll, InProcess: true, ArgumentsFirst: true})
}

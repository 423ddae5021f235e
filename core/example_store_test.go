package core_test

import (
	"bytes"
	"context"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// openExample returns the store of the examples: a map. Programs take one of
// the backend modules instead, such as memory.
func openExample(context.Context, string) (core.Store, error) { return newExample(), nil }

func newExample() core.Store {
	return driver.NewStore(&table{entries: make(map[[2]string]core.Entry)}, &driver.Options{Name: "example"})
}

type table struct {
	mutex   sync.Mutex
	entries map[[2]string]core.Entry
}

func (t *table) Get(_ context.Context, collection, key string) (core.Entry, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	entry, ok := t.entries[[2]string{collection, key}]
	if !ok {
		return core.Entry{}, core.ErrNotFound
	}
	entry.Value = bytes.Clone(entry.Value)
	return entry, nil
}

func (t *table) Put(_ context.Context, record *driver.Record) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	entry := record.Entry
	entry.Value = bytes.Clone(entry.Value)
	t.entries[[2]string{record.Collection, record.Key}] = entry
	return nil
}

func (t *table) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	old, err := t.Get(ctx, record.Collection, record.Key)
	if err == nil && !old.ExpiredAt(record.CreatedAt) {
		return false, nil
	}
	return true, t.Put(ctx, record)
}

func (t *table) Delete(_ context.Context, collection, key string, now time.Time) (bool, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	entry, ok := t.entries[[2]string{collection, key}]
	delete(t.entries, [2]string{collection, key})
	return ok && !entry.ExpiredAt(now), nil
}

func (t *table) Keys(_ context.Context, collection string) (driver.Pager, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	var listed []driver.Listed
	for name, entry := range t.entries {
		if name[0] == collection {
			listed = append(listed, driver.Listed{Name: name[1], ExpiresAt: entry.ExpiresAt})
		}
	}
	return driver.Names(listed), nil
}

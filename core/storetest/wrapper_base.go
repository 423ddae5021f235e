package storetest

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// newBase returns the store that lies under a wrapper on trial: a map with
// every capability.
func newBase() *driver.Store {
	backend := &base{collections: make(map[string]map[string]driver.Record)}
	return driver.NewStore(backend, &driver.Options{Name: "base", TimeStep: time.Nanosecond, Concurrency: 1})
}

// base is a backend over maps.
type base struct {
	mutex       sync.Mutex
	collections map[string]map[string]driver.Record
}

func (b *base) Get(_ context.Context, collection, key string) (core.Entry, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	record, ok := b.collections[collection][key]
	if !ok {
		return core.Entry{}, core.ErrNotFound
	}
	record.Value = bytes.Clone(record.Value)
	return record.Entry, nil
}

func (b *base) Put(_ context.Context, record *driver.Record) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.put(record)
	return nil
}

func (b *base) put(record *driver.Record) {
	if b.collections[record.Collection] == nil {
		b.collections[record.Collection] = make(map[string]driver.Record)
	}
	kept := *record
	kept.Value = bytes.Clone(record.Value)
	b.collections[record.Collection][record.Key] = kept
}

func (b *base) Insert(_ context.Context, record *driver.Record) (bool, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	old, ok := b.collections[record.Collection][record.Key]
	if ok && !old.ExpiredAt(record.CreatedAt) {
		return false, nil
	}
	b.put(record)
	return true, nil
}

func (b *base) Delete(_ context.Context, collection, key string, now time.Time) (bool, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	record, ok := b.collections[collection][key]
	delete(b.collections[collection], key)
	return ok && !record.ExpiredAt(now), nil
}

func (b *base) Keys(_ context.Context, collection string) (driver.Pager, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var names []driver.Listed
	for _, key := range slices.Sorted(maps.Keys(b.collections[collection])) {
		names = append(names, driver.Listed{Name: key, ExpiresAt: b.collections[collection][key].ExpiresAt})
	}
	return driver.Names(names), nil
}

func (b *base) Collections(context.Context) (driver.Pager, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var names []driver.Listed
	for _, collection := range slices.Sorted(maps.Keys(b.collections)) {
		for _, record := range b.collections[collection] {
			names = append(names, driver.Listed{Name: collection, ExpiresAt: record.ExpiresAt})
		}
	}
	return driver.Names(names), nil
}

func (b *base) DestroyCollection(_ context.Context, collection string, now time.Time) (bool, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	live := false
	for _, record := range b.collections[collection] {
		live = live || !record.ExpiredAt(now)
	}
	delete(b.collections, collection)
	return live, nil
}

func (b *base) Destroy(context.Context) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	clear(b.collections)
	return nil
}

func (b *base) Cull(_ context.Context, now time.Time) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	count := 0
	for _, records := range b.collections {
		maps.DeleteFunc(records, func(_ string, record driver.Record) bool {
			if record.ExpiredAt(now) {
				count++
			}
			return record.ExpiredAt(now)
		})
	}
	return count, nil
}

func (b *base) Ping(context.Context) error { return nil }

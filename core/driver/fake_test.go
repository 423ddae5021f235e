package driver_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

var errBroken = errors.New("the connection broke")

// fake is a backend over a map, whose calls a test can watch and break.
type fake struct {
	mutex   sync.Mutex
	entries map[string]core.Entry
	calls   []string

	// before, if set, is called first in every method, without the lock. Its
	// error is the method's.
	before func(ctx context.Context, op, key string) error
}

func newFake() *fake { return &fake{entries: make(map[string]core.Entry)} }

func (f *fake) enter(ctx context.Context, op, key string) error {
	f.mutex.Lock()
	f.calls = append(f.calls, op+": "+key)
	before := f.before
	f.mutex.Unlock()
	if before == nil {
		return nil
	}
	return before(ctx, op, key)
}

// count returns how many calls of the operation there were.
func (f *fake) count(op string) (n int) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, call := range f.calls {
		if strings.HasPrefix(call, op+": ") {
			n++
		}
	}
	return n
}

func (f *fake) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := f.enter(ctx, "get", key); err != nil {
		return core.Entry{}, err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	entry, ok := f.entries[collection+"/"+key]
	if !ok {
		return core.Entry{}, core.ErrNotFound
	}
	entry.Value = append(json.RawMessage(nil), entry.Value...)
	return entry, nil
}

func (f *fake) Put(ctx context.Context, record *driver.Record) error {
	if err := f.enter(ctx, "put", record.Key); err != nil {
		return err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.entries[record.Collection+"/"+record.Key] = record.Entry
	return nil
}

func (f *fake) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	if err := f.enter(ctx, "delete", key); err != nil {
		return false, err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	entry, ok := f.entries[collection+"/"+key]
	delete(f.entries, collection+"/"+key)
	return ok && !entry.ExpiredAt(now), nil
}

// batched is a fake with bulk methods. Its answer to a bulk read is cut by short.
type batched struct {
	*fake
	short int
}

func (b *batched) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	var failed driver.KeyErrors
	if err := b.enter(ctx, "get many", ""); err != nil && !errors.As(err, &failed) {
		return nil, err
	}
	entries := make([]core.Entry, len(keys)-b.short)
	for i := range entries {
		entries[i] = b.entries[collection+"/"+keys[i]]
	}
	if failed != nil {
		return entries, failed
	}
	return entries, nil
}

func (b *batched) PutMany(ctx context.Context, records []driver.Record) error {
	err := b.enter(ctx, "put many", "")
	failed, partly := err.(driver.KeyErrors)
	if err != nil && !partly {
		return err
	}
	for _, record := range records {
		if failed[record.Key] == nil {
			b.entries[record.Collection+"/"+record.Key] = record.Entry
		}
	}
	return err
}

func (b *batched) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	err := b.enter(ctx, "delete many", "")
	failed, partly := err.(driver.KeyErrors)
	if err != nil && !partly {
		return 0, err
	}
	count := 0
	for _, key := range keys {
		if entry, ok := b.entries[collection+"/"+key]; ok && failed[key] == nil && !entry.ExpiredAt(now) {
			delete(b.entries, collection+"/"+key)
			count++
		}
	}
	return count, err
}

var value = json.RawMessage(`{"a":1}`)

// item returns an item of that key.
func item(key string) core.Item { return core.Item{Key: key, Value: value} }

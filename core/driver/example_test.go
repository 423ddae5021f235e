package driver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// texts is a complete backend: compound keys to managed entries, as in Redis.
// Three methods make it a store; each further one adds a capability.
type texts struct {
	mutex   sync.Mutex
	entries map[string][]byte
}

// New returns a store over a map of texts.
func New() *driver.Store {
	return driver.NewStore(&texts{entries: make(map[string][]byte)}, &driver.Options{
		Name:        "texts",
		Concurrency: 1, // in this process one call at a time is faster
	})
}

func (b *texts) Get(_ context.Context, collection, key string) (core.Entry, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.read(collection, key)
}

func (b *texts) read(collection, key string) (core.Entry, error) {
	text, ok := b.entries[names.Compound(collection, key)]
	if !ok {
		return core.Entry{}, core.ErrNotFound
	}
	entry, err := managed.DecodeAs(text, collection, key)
	entry.Value = append(json.RawMessage(nil), entry.Value...) // the text stays here
	return entry, err
}

func (b *texts) Put(_ context.Context, record *driver.Record) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.entries[names.Compound(record.Collection, record.Key)] = managed.Append(nil, record)
	return nil
}

func (b *texts) Delete(_ context.Context, collection, key string, now time.Time) (bool, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	entry, err := b.read(collection, key)
	delete(b.entries, names.Compound(collection, key))
	return err == nil && !entry.ExpiredAt(now), nil
}

// Insert makes the store able to core.Insert.
func (b *texts) Insert(_ context.Context, record *driver.Record) (bool, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	entry, err := b.read(record.Collection, record.Key)
	if errors.Is(err, core.ErrCorrupt) || err == nil && !entry.ExpiredAt(record.CreatedAt) {
		return false, err
	}
	b.entries[names.Compound(record.Collection, record.Key)] = managed.Append(nil, record)
	return true, nil
}

// Keys makes it able to core.Keys.
func (b *texts) Keys(_ context.Context, collection string) (driver.Pager, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var listed []driver.Listed
	for compound := range b.entries {
		if key, ok := strings.CutPrefix(compound, names.CompoundPrefix(collection)); ok {
			entry, err := b.read(collection, key)
			listed = append(listed, driver.Listed{Name: key, ExpiresAt: entry.ExpiresAt, Err: err})
		}
	}
	return driver.Names(listed), nil
}

// A backend is a type with three methods. The Store that NewStore makes of it
// checks, stamps, hides, batches and closes.
func Example() {
	ctx := context.Background()
	store := New()
	defer store.Close()

	err := store.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), time.Hour)
	if err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "users", "ada")
	fmt.Println(string(entry.Value), err)

	_, err = store.Get(ctx, "users", "")
	fmt.Println(err)
	// Output:
	// {"name":"Ada"} <nil>
	// texts: get "users": invalid key: empty
}

// The backend of the example obeys the rules.
func TestExample(t *testing.T) {
	storetest.Run(t, func(t *testing.T) core.Store { return New() }, &storetest.Options{
		Capabilities: core.CanKeys | core.CanInsert,
		InProcess:    true,
	})
}

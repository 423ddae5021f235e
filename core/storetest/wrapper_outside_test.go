package storetest_test

import (
	"context"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// exampleBackend keeps records in a map, for one goroutine.
type exampleBackend map[string]core.Entry

func newExampleStore() core.Store { return driver.NewStore(exampleBackend{}, nil) }

func (b exampleBackend) Get(_ context.Context, collection, key string) (core.Entry, error) {
	entry, ok := b[collection+"/"+key]
	if !ok {
		return core.Entry{}, core.ErrNotFound
	}
	return entry, nil
}

func (b exampleBackend) Put(_ context.Context, record *driver.Record) error {
	b[record.Collection+"/"+record.Key] = record.Entry
	return nil
}

func (b exampleBackend) Delete(_ context.Context, collection, key string, _ time.Time) (bool, error) {
	_, ok := b[collection+"/"+key]
	delete(b, collection+"/"+key)
	return ok, nil
}

// What a test of a wrapper looks like from another package.
func TestKeepOpen(t *testing.T) {
	storetest.RunWrapper(t, func(_ *testing.T, inner core.Store) core.Store {
		return core.KeepOpen(inner)
	}, &storetest.WrapperOptions{Transparent: true, KeepsOpen: true})
}

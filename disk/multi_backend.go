package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// multiBackend has a backend for each collection.
type multiBackend struct {
	path      string
	elsewhere map[string]string // collection to directory
	options   Options

	mutex  sync.Mutex
	open   map[string]*opened // by collection
	closed bool
}

var (
	_ driver.Backend             = (*multiBackend)(nil)
	_ driver.Appender            = (*multiBackend)(nil)
	_ driver.Inserter            = (*multiBackend)(nil)
	_ driver.KeyLister           = (*multiBackend)(nil)
	_ driver.CollectionLister    = (*multiBackend)(nil)
	_ driver.CollectionDestroyer = (*multiBackend)(nil)
	_ driver.Destroyer           = (*multiBackend)(nil)
	_ driver.Culler              = (*multiBackend)(nil)
	_ driver.CollectionSetupper  = (*multiBackend)(nil)
	_ driver.Pinger              = (*multiBackend)(nil)
)

func newMultiBackend(path string, elsewhere map[string]string, options Options) *multiBackend {
	return &multiBackend{path: path, elsewhere: elsewhere, options: options, open: make(map[string]*opened)}
}

// Get reads one entry.
func (m *multiBackend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	b, err := m.of(collection)
	if err != nil {
		return core.Entry{}, err
	}
	defer m.release(b)
	return b.Get(ctx, collection, key)
}

// GetAppend reads one entry and appends its value to dst.
func (m *multiBackend) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	b, err := m.of(collection)
	if err != nil {
		return core.Entry{}, err
	}
	defer m.release(b)
	return b.GetAppend(ctx, collection, key, dst)
}

// Put writes one record.
func (m *multiBackend) Put(ctx context.Context, record *driver.Record) error {
	b, err := m.of(record.Collection)
	if err != nil {
		return err
	}
	defer m.release(b)
	return b.Put(ctx, record)
}

// Delete removes a file, and says whether that was a live entry.
func (m *multiBackend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	b, err := m.of(collection)
	if err != nil {
		return false, err
	}
	defer m.release(b)
	return b.Delete(ctx, collection, key, now)
}

// Insert writes a record where there is none that lives.
func (m *multiBackend) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	b, err := m.of(record.Collection)
	if err != nil {
		return false, err
	}
	defer m.release(b)
	return b.Insert(ctx, record)
}

// SetupCollection makes the directory of a collection, and what a store has in
// it.
func (m *multiBackend) SetupCollection(ctx context.Context, collection string) error {
	b, err := m.of(collection)
	if err != nil {
		return err
	}
	defer m.release(b)
	if err := b.Setup(ctx); err != nil {
		return err
	}
	return b.SetupCollection(ctx, collection)
}

// Ping looks at the directory above. One that nothing was written to yet need
// not be there.
func (m *multiBackend) Ping(context.Context) error {
	_, err := os.Stat(m.path)
	if errors.Is(err, fs.ErrNotExist) && !m.options.NoCreate {
		return nil
	}
	return err
}

// Close closes all directories.
func (m *multiBackend) Close() error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.closed = true
	var wrong []error
	for _, b := range m.open {
		wrong = append(wrong, b.Close())
	}
	m.open = nil
	return errors.Join(wrong...)
}

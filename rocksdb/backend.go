package rocksdb

import (
	"bytes"
	"context"
	"hash/maphash"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// backend keeps each record under the key that names.Compound makes, in the form
// that layout.go describes.
type backend struct {
	db       *librocksdb.Database
	readOnly bool
	occupied *directory // nil for one that is read only
	stripes  stripes

	// outside is held shared by calls that do not come through the layer, which
	// knows nothing of them and so closes the backend while they run.
	outside sync.RWMutex
	closed  bool
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.Appender            = (*backend)(nil)
	_ driver.BatchGetter         = (*backend)(nil)
	_ driver.BatchPutter         = (*backend)(nil)
	_ driver.BatchDeleter        = (*backend)(nil)
	_ driver.Inserter            = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Culler              = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

func newBackend(readOnly bool) *backend {
	return &backend{readOnly: readOnly, stripes: stripes{seed: maphash.MakeSeed()}}
}

// Close puts everything on the disk and closes the database.
func (b *backend) Close() error {
	b.outside.Lock()
	defer b.outside.Unlock()
	b.closed = true
	if b.readOnly {
		b.db.Close()
		return nil
	}
	err := b.db.Flush()
	b.db.Close()
	b.occupied.leave()
	return failure(err)
}

// writable returns an error if nothing can be written.
func (b *backend) writable() error {
	if b.readOnly {
		return core.ErrReadOnly
	}
	return nil
}

// large is the size of a value from which on it is handed out as it was read,
// rather than copied.
const large = 64 << 10

// Get reads one entry.
func (b *backend) Get(_ context.Context, collection, key string) (core.Entry, error) {
	s := borrow()
	defer s.release()
	data, found, err := b.db.Get(s.name(collection, key), s.data)
	if err != nil || !found {
		return core.Entry{}, missing(err)
	}
	entry, err := decode(data, collection, key)
	if len(data) > large && cap(data) != cap(s.data) {
		return entry, err // it is in memory of its own
	}
	s.data = data
	entry.Value = bytes.Clone(entry.Value)
	return entry, err
}

// GetAppend reads one entry and appends its value to dst.
func (b *backend) GetAppend(_ context.Context, collection, key string, dst []byte) (core.Entry, error) {
	s := borrow()
	defer s.release()
	data, found, err := b.db.Get(s.name(collection, key), s.data)
	s.data = data
	if err != nil || !found {
		return core.Entry{}, missing(err)
	}
	entry, err := decode(data, collection, key)
	if err == nil {
		entry.Value = append(dst, entry.Value...)
	}
	return entry, err
}

// missing returns the error of a read that has found nothing.
func missing(err error) error {
	if err != nil {
		return failure(err)
	}
	return core.ErrNotFound
}

// Put writes one record.
func (b *backend) Put(_ context.Context, record *driver.Record) error {
	if err := b.writable(); err != nil {
		return err
	}
	s := borrow()
	defer s.release()
	name := s.name(record.Collection, record.Key)
	s.data = appendValue(s.data, record)
	lock := b.stripes.of(name)
	lock.RLock()
	defer lock.RUnlock()
	return failure(b.db.Put(name, s.data))
}

// Ping reads what every database of this package has.
func (b *backend) Ping(context.Context) error {
	_, _, err := b.db.Get([]byte(marker), nil)
	return failure(err)
}

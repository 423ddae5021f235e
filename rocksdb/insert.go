package rocksdb

import (
	"context"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Insert looks what is there and writes the record if that is nothing, or has
// expired. The lock keeps all other writers of the key away meanwhile.
func (b *backend) Insert(_ context.Context, record *driver.Record) (bool, error) {
	if err := b.writable(); err != nil {
		return false, err
	}
	s := borrow()
	defer s.release()
	name := s.name(record.Collection, record.Key)
	lock := b.stripes.of(name)
	lock.Lock()
	defer lock.Unlock()
	_, live, err := b.look(s, name, record.Collection, record.Key, record.CreatedAt)
	if live || err != nil {
		return false, err
	}
	s.data = appendValue(s.data[:0], record)
	err = failure(b.db.Put(name, s.data))
	return err == nil, err
}

// look reports whether there is something under a key of the database, and
// whether that is an entry of the names which is live.
func (b *backend) look(s *scratch, name []byte, collection, key string, now time.Time) (found, live bool, err error) {
	s.data, found, err = b.db.Get(name, s.data[:0])
	if err != nil || !found {
		return false, false, failure(err)
	}
	live, err = isLive(s.data, collection, key, now)
	return true, live, err
}

// isLive reports whether the data is an entry of the names which is live.
func isLive(data []byte, collection, key string, now time.Time) (bool, error) {
	entry, err := decode(data, collection, key)
	if errors.Is(err, core.ErrNotFound) {
		return false, nil
	}
	return err == nil && !entry.ExpiredAt(now), err
}

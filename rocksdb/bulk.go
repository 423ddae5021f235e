package rocksdb

import (
	"bytes"
	"context"
	"errors"
	"math"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// piece is how many keys are read with one call into C.
const piece = 256

// GetMany reads entries.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries := make([]core.Entry, len(keys))
	var failed driver.KeyErrors
	err := b.readMany(ctx, collection, keys, func(i int, data []byte, err error) {
		var entry core.Entry
		if err == nil {
			entry, err = decode(data, collection, keys[i])
		}
		switch {
		case err == nil:
			entry.Value = bytes.Clone(entry.Value)
			entries[i] = entry
		case err != core.ErrNotFound:
			if failed == nil {
				failed = make(driver.KeyErrors)
			}
			failed[keys[i]] = err
		}
	})
	if err != nil || failed == nil {
		return entries, err
	}
	return entries, failed
}

// readMany calls visit for each key that something lies under, with that, which
// is valid during the call, or with the error of reading it.
func (b *backend) readMany(ctx context.Context, collection string, keys []string, visit func(i int, data []byte, err error)) error {
	s := borrow()
	defer s.release()
	for from := 0; from < len(keys); from += piece {
		if err := ctx.Err(); err != nil {
			return err
		}
		some := keys[from:min(from+piece, len(keys))]
		s.names, s.ends = s.names[:0], s.ends[:0]
		for _, key := range some {
			s.add(collection, key)
		}
		if err := b.readAdded(s, math.MaxUint32+1); err != nil {
			return err
		}
		rest := s.data
		for i, size := range s.sizes {
			switch size {
			case librocksdb.Missing:
			case librocksdb.Failed:
				data, found, err := b.db.Get(s.added(i), nil)
				if found || err != nil {
					visit(from+i, data, failure(err))
				}
			default:
				visit(from+i, rest[:size:size], nil)
				rest = rest[size:]
			}
		}
	}
	return nil
}

// readAdded reads what lies under the keys that were added to the scratch, of
// each value so many bytes at most.
func (b *backend) readAdded(s *scratch, most uint64) (err error) {
	if count := len(s.ends); cap(s.sizes) >= count {
		s.sizes = s.sizes[:count]
	} else {
		s.sizes = make([]uint64, count)
	}
	s.data, err = b.db.GetMany(s.names, s.ends, most, s.data[:0], s.sizes)
	return failure(err)
}

// PutMany writes all records, or none.
func (b *backend) PutMany(_ context.Context, records []driver.Record) error {
	if err := b.writable(); err != nil {
		return err
	}
	s := borrow()
	defer s.release()
	for i := range records {
		s.add(records[i].Collection, records[i].Key)
		s.data = appendValue(s.data[:0], &records[i])
		s.batch.Put(s.added(i), s.data)
	}
	defer b.stripes.share(b.stripes.set(s))()
	return failure(b.db.Write(&s.batch))
}

// DeleteMany removes what lies under all the keys, or nothing.
func (b *backend) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	if err := b.writable(); err != nil {
		return 0, err
	}
	s := borrow()
	defer s.release()
	for _, key := range keys {
		s.add(collection, key)
	}
	defer b.stripes.lock(b.stripes.set(s))()
	count := 0
	var problem error
	err := b.readMany(ctx, collection, keys, func(i int, data []byte, err error) {
		live := false
		if err == nil {
			live, err = isLive(data, collection, keys[i], now)
		}
		switch {
		case err != nil && !errors.Is(err, core.ErrCorrupt):
			problem = err
		case live:
			count++
			fallthrough
		default:
			s.batch.Delete(s.added(i))
		}
	})
	if err == nil {
		err = problem
	}
	if err == nil && s.batch.Len() > 0 {
		err = failure(b.db.Write(&s.batch))
	}
	if err != nil {
		return 0, err
	}
	return count, nil
}

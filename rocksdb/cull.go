package rocksdb

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// Cull removes what has expired, page by page. Each page is looked at again
// under the locks of its keys: a writer may have replaced what was expired.
func (b *backend) Cull(ctx context.Context, now time.Time) (int, error) {
	if err := b.writable(); err != nil {
		return 0, err
	}
	s := borrow()
	defer s.release()
	q := &librocksdb.Query{Upper: []byte(last), Wanted: librocksdb.Expired, Limit: driver.PageSize}
	count := 0
	for ended := false; !ended; {
		if err := ctx.Err(); err != nil {
			return count, err
		}
		var records []byte
		var err error
		if records, ended, err = b.scan(s, q, now); err != nil {
			return count, err
		}
		s.names, s.ends = s.names[:0], s.ends[:0]
		for record := range librocksdb.Records(records) {
			q.Lower = behind(record, false)
			if record.Kind == librocksdb.Entry {
				s.names = append(s.names, record.Key...)
				s.ends = append(s.ends, uint64(len(s.names)))
			}
		}
		removed, err := b.cull(s, now)
		count += removed
		if err != nil {
			return count, err
		}
	}
	return count, nil
}

// cull removes those of the added keys that are expired under their locks.
func (b *backend) cull(s *scratch, now time.Time) (int, error) {
	if len(s.ends) == 0 {
		return 0, nil
	}
	defer b.stripes.lock(b.stripes.set(s))()
	const most = headerSize + 1
	if err := b.readAdded(s, most); err != nil {
		return 0, err
	}
	s.batch.Reset()
	rest := s.data
	for i, size := range s.sizes {
		if size > most { // it is missing, or could not be read
			continue
		}
		header := rest[:size]
		rest = rest[size:]
		if size == most && header[headerSize] == '{' && hasExpired(binary.BigEndian.Uint64(header), now) {
			s.batch.Delete(s.added(i))
		}
	}
	if s.batch.Len() == 0 {
		return 0, nil
	}
	if err := failure(b.db.Write(&s.batch)); err != nil {
		return 0, err
	}
	return s.batch.Len(), nil
}

func hasExpired(expiry uint64, now time.Time) bool {
	return expiry != 0 && !timeOf(expiry).After(now)
}

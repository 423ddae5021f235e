package rocksdb

import (
	"context"
	"time"

	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// few is up to how many keys a collection is destroyed key by key. A tombstone
// for a range costs every later read a little until it is compacted, which adds
// up where many small collections come and go.
const few = 100

// DestroyCollection removes all keys of the collection with one write. Other
// writers wait, so that the answer is true of the moment when that happens.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	if err := b.writable(); err != nil {
		return false, err
	}
	s := borrow()
	defer s.release()
	lower, upper := bounds(collection)
	defer b.stripes.lock(b.stripes.all())()
	records, ended, err := b.scan(s, &librocksdb.Query{Lower: lower, Upper: upper, Limit: few}, now)
	if err != nil || len(records) == 0 {
		return false, err
	}
	live := false
	for record := range librocksdb.Records(records) {
		live = live || record.Kind == librocksdb.Entry && !hasExpired(record.Expiry, now)
		if ended {
			s.batch.Delete(record.Key)
		}
	}
	if !ended {
		s.batch.DeleteRange(lower, upper)
		if !live {
			if live, err = b.hasLive(ctx, s, lower, upper, now); err != nil {
				return false, err
			}
		}
	}
	err = failure(b.db.Write(&s.batch))
	return live && err == nil, err
}

// hasLive reports whether there is a live entry between two keys.
func (b *backend) hasLive(ctx context.Context, s *scratch, lower, upper []byte, now time.Time) (bool, error) {
	q := &librocksdb.Query{Lower: lower, Upper: upper, Wanted: librocksdb.Live, Limit: 1}
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		records, ended, err := b.scan(s, q, now)
		if err != nil {
			return false, err
		}
		for record := range librocksdb.Records(records) {
			if record.Kind == librocksdb.Entry {
				return true, nil
			}
			q.Lower = behind(record, false)
		}
		if ended {
			return false, nil
		}
	}
}

// Destroy removes all keys with one write, and puts the marker back with it.
func (b *backend) Destroy(context.Context) error {
	if err := b.writable(); err != nil {
		return err
	}
	s := borrow()
	defer s.release()
	s.batch.DeleteRange(nil, []byte(last))
	s.batch.Put([]byte(marker), []byte(layout))
	return failure(b.db.Write(&s.batch))
}

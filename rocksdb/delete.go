package rocksdb

import (
	"context"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Delete removes what lies under the names. It reads it first, to tell whether
// that was live.
func (b *backend) Delete(_ context.Context, collection, key string, now time.Time) (bool, error) {
	if err := b.writable(); err != nil {
		return false, err
	}
	s := borrow()
	defer s.release()
	name := s.name(collection, key)
	lock := b.stripes.of(name)
	lock.Lock()
	defer lock.Unlock()
	found, live, err := b.look(s, name, collection, key, now)
	if err != nil && !errors.Is(err, core.ErrCorrupt) || !found {
		return false, err
	}
	err = failure(b.db.Delete(name))
	return live && err == nil, err
}

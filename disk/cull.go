package disk

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Cull removes the entries that have expired. Each is read without a lock, and
// once more under the lock that writers take if it seems to have expired.
func (b *backend) Cull(ctx context.Context, now time.Time) (count int, err error) {
	root, err := b.open()
	if err != nil {
		return 0, absent(err)
	}
	directories, err := collectionDirectories(root)
	if err != nil {
		return 0, err
	}
	for _, directory := range directories {
		culled, err := b.cullDirectory(ctx, root, directory, now)
		count += culled
		if err != nil {
			return count, err
		}
	}
	return count, nil
}

// cullDirectory is Cull for the directory of a collection.
func (b *backend) cullDirectory(ctx context.Context, root *os.Root, directory string, now time.Time) (count int, err error) {
	expired := func(entry *found) bool { return entry.ExpiredAt(now) }
	buffer := borrow()
	defer buffer.release()
	err = eachFileOf(ctx, root, directory, func(directory, encoded string) error {
		entry, err := lookAt(root, buffer, directory, encoded)
		if errors.Is(err, core.ErrCorrupt) {
			return nil // it does not say when it expires
		}
		if err != nil || entry == nil || !expired(entry) {
			return err
		}
		removed, _, err := b.removeIf(ctx, root, directory, encoded, expired)
		if removed {
			count++
		}
		if errors.Is(err, core.ErrCorrupt) {
			return nil
		}
		return err
	})
	return count, err
}

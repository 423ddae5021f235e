package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Insert writes a record where there is none that lives. Among the processes
// that use this package the key's lock decides; a file that others make at the
// same time is not replaced either, where the file system has hard links.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (inserted bool, err error) {
	if taken, err := b.taken(record); taken || err != nil {
		return false, err // without writing anything
	}
	err = b.write(ctx, record, func(root *os.Root, temporary, file string) (bool, error) {
		inserted, err = b.insertLocked(root, record, temporary, file)
		return inserted, err
	})
	return inserted && err == nil, err
}

// insertLocked puts the temporary file into its place if there is no live entry.
func (b *backend) insertLocked(root *os.Root, record *driver.Record, temporary, file string) (bool, error) {
	for {
		err := root.Link(temporary, file)
		if err == nil {
			_ = root.Remove(temporary) // its other name, which Setup would remove one day
			return true, nil
		}
		if errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		taken, readErr := b.taken(record)
		if taken || readErr != nil {
			return false, readErr
		}
		_, statErr := root.Lstat(file)
		if errors.Is(err, fs.ErrExist) && errors.Is(statErr, fs.ErrNotExist) {
			continue // somebody without a lock has removed it since
		}
		// It has expired, or the file system has no links.
		return true, rename(root, temporary, file)
	}
}

// taken reports whether a live entry lies under the record's names.
func (b *backend) taken(record *driver.Record) (bool, error) {
	buffer := borrow()
	defer buffer.release()
	entry, err := b.read(buffer, record.Collection, record.Key)
	if errors.Is(err, core.ErrNotFound) {
		return false, nil
	}
	return err == nil && !entry.ExpiredAt(record.CreatedAt), err
}

package disk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// DestroyCollection removes the entries of a collection. What is in its
// directory and is no entry stays, and is reported if it looks like one.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	root, err := b.open()
	if err != nil {
		return false, absent(err)
	}
	return b.destroyDirectory(ctx, root, scheme.Encode(collection), now)
}

// Destroy removes the entries of all collections.
func (b *backend) Destroy(ctx context.Context) error {
	root, err := b.open()
	if err != nil {
		return absent(err)
	}
	directories, err := collectionDirectories(root)
	if err != nil {
		return err
	}
	var wrong []error
	for _, directory := range directories {
		if _, err := b.destroyDirectory(ctx, root, directory, time.Now()); err != nil {
			wrong = append(wrong, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(wrong...)
}

// destroyDirectory removes the entries in the directory of a collection, and
// the directory if it is empty then.
func (b *backend) destroyDirectory(ctx context.Context, root *os.Root, directory string, now time.Time) (lived bool, err error) {
	var left []error
	err = eachFileOf(ctx, root, directory, func(directory, encoded string) error {
		removed, expiresAt, err := b.removeIf(ctx, root, directory, encoded, func(*found) bool { return true })
		if errors.Is(err, core.ErrCorrupt) {
			left = append(left, fmt.Errorf("%s/%s%s: %w", directory, encoded, suffix, err))
			return nil
		}
		if removed && (expiresAt.IsZero() || expiresAt.After(now)) {
			lived = true
		}
		return err
	})
	if err != nil {
		return lived, errors.Join(append(left, err)...)
	}
	if len(left) > 0 {
		return lived, errors.Join(left...)
	}
	// With a file about it Python would not make the directory again.
	if _, err := root.Lstat(directory + infoSuffix); err != nil {
		_ = root.Remove(directory)
	}
	return lived, b.syncDirectory(root, ".")
}

// removeIf removes an entry for which wanted is true while no writer can change
// it, and returns when it expires or would have.
func (b *backend) removeIf(ctx context.Context, root *os.Root, directory, encoded string, wanted func(*found) bool) (removed bool, expiresAt time.Time, err error) {
	file := directory + "/" + encoded + suffix
	unlock, err := b.locks.lock(ctx, root, file)
	if err != nil {
		return false, time.Time{}, err
	}
	defer unlock()
	buffer := borrow()
	defer buffer.release()
	entry, err := lookAt(root, buffer, directory, encoded)
	if err != nil || entry == nil || !wanted(entry) {
		return false, time.Time{}, err
	}
	if err := remove(root, file); err != nil {
		return false, time.Time{}, absent(err)
	}
	return true, entry.ExpiresAt, b.syncDirectory(root, directory)
}

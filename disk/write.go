package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// write writes a record to a temporary file, and has place move it to its own
// under the key's lock. place reports whether it did.
func (b *backend) write(ctx context.Context, record *driver.Record, place func(root *os.Root, temporary, file string) (bool, error)) error {
	root, err := b.open()
	if err != nil {
		return notSetUp(err)
	}
	buffer := borrow()
	defer buffer.release()
	buffer.data = managed.Append(buffer.data[:0], record)
	size := int64(len(buffer.data))
	if b.options.MaxSize > 0 && size > b.options.MaxSize {
		return fmt.Errorf("%w: %d bytes in a directory of at most %d", core.ErrTooLarge, size, b.options.MaxSize)
	}
	temporary, err := b.writeTemporary(root, buffer.data)
	if err != nil {
		return notSetUp(err)
	}
	file := fileOf(record.Collection, record.Key)
	placed, err := b.placeLocked(ctx, root, temporary, file, place)
	if !placed || err != nil {
		// Where it was linked, this is its second name.
		_ = root.Remove(temporary)
	}
	if err != nil {
		return notSetUp(err)
	}
	if !placed {
		return nil
	}
	if err := b.syncDirectory(root, directoryOf(file)); err != nil {
		return err
	}
	return b.makeRoom(ctx, root, file, size)
}

// attempts is how often a directory is made anew that another process has
// removed in this very moment.
const attempts = 8

func (b *backend) placeLocked(ctx context.Context, root *os.Root, temporary, file string, place func(root *os.Root, temporary, file string) (bool, error)) (bool, error) {
	unlock, err := b.locks.lock(ctx, root, file)
	if err != nil {
		return false, err
	}
	defer unlock()
	for attempt := 1; ; attempt++ {
		placed, err := place(root, temporary, file)
		if attempt == attempts || !errors.Is(err, fs.ErrNotExist) {
			return placed, err
		}
		if _, err := root.Lstat(temporary); err != nil {
			return false, err // that is what is not there
		}
		if err := b.makeDirectory(root, directoryOf(file)); err != nil {
			return false, err
		}
	}
}

// writeTemporary writes a file under a name of its own.
func (b *backend) writeTemporary(root *os.Root, data []byte) (name string, err error) {
	unique := strconv.FormatUint(rand.Uint64(), 36)
	file, err := b.create(root, unique)
	if err != nil {
		return "", err
	}
	name = temporaryDirectory + "/" + unique
	_, err = file.Write(data)
	if err == nil && b.options.Sync {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		_ = root.Remove(name)
		return "", err
	}
	return name, nil
}

// notSetUp tells the layer that a directory is missing, so that it is made.
func notSetUp(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", driver.ErrNotSetUp, err)
	}
	return err
}

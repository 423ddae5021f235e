package disk

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// backend keeps each record in a file of its own.
type backend struct {
	path    string // of the directory, absolute
	parent  string // the directory that path must not leave, or "" where it may be anywhere
	options Options
	locks   *locks
	quota   quota

	syncNames func(root *os.Root, name string) error // tests look on

	mutex  sync.Mutex   // of root and writes
	root   *os.Root     // nil until the directory is there
	writes *directories // nil until a write needs them
	closed bool
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.Appender            = (*backend)(nil)
	_ driver.Inserter            = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Culler              = (*backend)(nil)
	_ driver.Setupper            = (*backend)(nil)
	_ driver.CollectionSetupper  = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

func newBackend(path string, options Options) *backend {
	return &backend{path: path, options: options, locks: newLocks(&options), syncNames: syncNames}
}

// Get reads one entry.
func (b *backend) Get(_ context.Context, collection, key string) (core.Entry, error) {
	buffer := borrow()
	defer buffer.release()
	entry, err := b.read(buffer, collection, key)
	entry.Value = bytes.Clone(entry.Value)
	return entry, err
}

// GetAppend reads one entry and appends its value to dst.
func (b *backend) GetAppend(_ context.Context, collection, key string, dst []byte) (core.Entry, error) {
	buffer := borrow()
	defer buffer.release()
	entry, err := b.read(buffer, collection, key)
	if err == nil {
		entry.Value = append(dst, entry.Value...)
	}
	return entry, err
}

// read reads an entry, whose value is a part of the buffer.
func (b *backend) read(buffer *buffer, collection, key string) (core.Entry, error) {
	root, err := b.open()
	if err != nil {
		return core.Entry{}, missing(err)
	}
	if err := buffer.read(root, fileOf(collection, key)); err != nil {
		return core.Entry{}, missing(err)
	}
	return managed.DecodeAs(buffer.data, collection, key)
}

// missing returns the error of a read. What is not there is a miss.
func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return core.ErrNotFound
	}
	return err
}

// Put writes one record.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	return b.write(ctx, record, func(root *os.Root, temporary, file string) (bool, error) {
		err := b.move(root, temporary, file)
		if err != nil && removeEmptyDirectory(root, file) {
			err = b.move(root, temporary, file)
		}
		return true, err
	})
}

// Delete removes a file, and says whether that was a live entry.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	root, err := b.open()
	if err != nil {
		return false, absent(err)
	}
	file := fileOf(collection, key)
	if _, err := root.Lstat(file); err != nil {
		return false, absent(err) // without making a lock
	}
	unlock, err := b.locks.lock(ctx, root, file)
	if err != nil {
		return false, err
	}
	defer unlock()
	buffer := borrow()
	defer buffer.release()
	entry, err := b.read(buffer, collection, key)
	live := err == nil && !entry.ExpiredAt(now)
	switch {
	case err == nil, errors.Is(err, core.ErrCorrupt):
	case errors.Is(err, core.ErrNotFound):
		// Another entry's file in this place, or none: it goes as well.
	default:
		return false, err
	}
	if err := remove(root, file); err != nil {
		return false, absent(err)
	}
	return live, b.syncDirectory(root, directoryOf(file))
}

// removeEmptyDirectory removes a directory that is in the place of an entry, and
// which nothing can be renamed over. It reports whether it did.
func removeEmptyDirectory(root *os.Root, file string) bool {
	info, err := root.Lstat(file)
	return err == nil && info.IsDir() && root.Remove(file) == nil
}

// absent returns nil for an error which says that there is nothing.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Ping looks at the directory. One that nothing was written to yet need not be
// there.
func (b *backend) Ping(context.Context) error {
	root, err := b.open()
	if errors.Is(err, fs.ErrNotExist) && !b.options.NoCreate {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = root.Stat(".")
	return err
}

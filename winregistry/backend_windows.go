package winregistry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// backend keeps each record in a value of the registry.
type backend struct {
	options Options
	hive    registry.Key
	view    uint32 // a flag of access rights
	keys    openKeys
	writers writers
}

var _ interface {
	driver.Backend
	driver.Appender
	driver.BatchPutter
	driver.BatchDeleter
	driver.Inserter
	driver.KeyLister
	driver.CollectionLister
	driver.CollectionDestroyer
	driver.Destroyer
	driver.Culler
	driver.Setupper
	driver.CollectionSetupper
	driver.Pinger
} = (*backend)(nil)

func newBackend(options Options) (driver.Backend, error) {
	b := &backend{
		options: options,
		hive:    [...]registry.Key{registry.CURRENT_USER, registry.LOCAL_MACHINE, registry.USERS}[options.Hive],
		view:    [...]uint32{0, registry.WOW64_64KEY, registry.WOW64_32KEY}[options.View],
	}
	b.keys.init(b.openCollection)
	b.writers.init(b.openPath)
	return b, nil
}

// Close closes what is open. No call is under way.
func (b *backend) Close() error {
	return errors.Join(b.keys.close(), b.writers.close())
}

// Get reads the entry. The registry returns a value as a whole.
func (b *backend) Get(_ context.Context, collection, key string) (core.Entry, error) {
	s := getScratch()
	defer putScratch(s)
	var entry core.Entry
	err := b.in(collection, toRead, func(k registry.Key) error {
		units, err := s.query(k, valueName(key))
		if err != nil {
			return err
		}
		text, err := appendText(make([]byte, 0, textSize(units)), units)
		if err != nil {
			return err
		}
		entry, err = managed.DecodeAs(text, collection, key)
		return err
	})
	return entry, err
}

// GetAppend reads the entry and appends its value to dst.
func (b *backend) GetAppend(_ context.Context, collection, key string, dst []byte) (core.Entry, error) {
	s := getScratch()
	defer putScratch(s)
	var entry core.Entry
	err := b.in(collection, toRead, func(k registry.Key) error {
		text, err := s.read(k, valueName(key))
		if err != nil {
			return err
		}
		entry, err = managed.DecodeAs(text, collection, key)
		return err
	})
	if err != nil {
		return core.Entry{}, err
	}
	entry.Value = append(dst, entry.Value...)
	return entry, nil
}

// Put sets the value. It keeps others from removing it as one that has expired,
// which they may have read before.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	s := getScratch()
	defer putScratch(s)
	data, err := s.encode(record)
	if err != nil {
		return err
	}
	return b.write(ctx, record.Collection, func(k registry.Key) error {
		return setString(k, s.name(valueName(record.Key)), data)
	})
}

// Delete removes the value. One that is the entry of other names stays: the
// registry takes `KEY`, which a Python program may have written, for `key`.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (live bool, err error) {
	err = b.write(ctx, collection, func(k registry.Key) error {
		live, err = remove(k, collection, key, now)
		return err
	})
	return live, err
}

// remove is Delete in the open key, by one who has the turn to write.
func remove(k registry.Key, collection, key string, now time.Time) (live bool, err error) {
	s := getScratch()
	defer putScratch(s)
	name := valueName(key)
	text, err := s.read(k, name)
	if err == nil {
		var entry core.Entry
		entry, err = managed.DecodeAs(text, collection, key)
		live = err == nil && !entry.ExpiredAt(now)
	}
	if err != nil && !errors.Is(err, core.ErrCorrupt) {
		return false, err
	}
	if err := deleteValue(k, s.name(name)); err != nil {
		return false, notFound(err, core.ErrNotFound)
	}
	return live, nil
}

// in calls the function with the open key of the collection. If there is none,
// the error is driver.ErrNotSetUp.
func (b *backend) in(collection string, use use, call func(registry.Key) error) error {
	// A key that was kept open may have been destroyed, and made again, once
	// or in a bad moment more often.
	for range 3 {
		k, err := b.keys.get(collection, use)
		if err != nil {
			return err
		}
		err = call(k.key)
		if err == windows.ERROR_KEY_DELETED {
			b.keys.forget(k)
		}
		b.keys.put(k)
		if err != windows.ERROR_KEY_DELETED {
			return err
		}
	}
	return driver.ErrNotSetUp
}

// write is in, for one writer at a time.
func (b *backend) write(ctx context.Context, collection string, call func(registry.Key) error) error {
	return b.writers.inTurn(ctx, func() error {
		return b.in(collection, toWrite, func(k registry.Key) error {
			if err := call(k); err != nil {
				return err
			}
			return b.sync(k)
		})
	})
}

// sync waits for the disk if the options say so.
func (b *backend) sync(k registry.Key) error {
	if !b.options.Sync {
		return nil
	}
	if err := flushKey(k); err != nil {
		return fmt.Errorf("written, but not known to be on disk: %w", err)
	}
	return nil
}

// notFound replaces Windows's error for a key or a value that is not there.
func notFound(err, replacement error) error {
	if err == windows.ERROR_FILE_NOT_FOUND || err == windows.ERROR_PATH_NOT_FOUND {
		return replacement
	}
	return err
}

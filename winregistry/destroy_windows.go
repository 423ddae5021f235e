package winregistry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// DestroyCollection removes the entries of the collection, and its key if that
// is empty then. What is no entry stays, as it may be another program's, and is
// an error.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	d := destroyer{backend: b, name: keyName(collection), collection: collection, now: now}
	if err := d.run(ctx); err != nil {
		return d.live, err
	}
	if !b.options.NoCreate {
		b.removeEmpty(ctx, d.name)
	}
	return d.live, driver.Leftovers("registry values", d.left)
}

// Destroy removes every entry of this library, Python's included, and the keys
// of collections that are empty then. What is no entry stays, and so does the
// key of the path, with the rights that it was given.
func (b *backend) Destroy(ctx context.Context) error {
	return b.eachKey(ctx, func(name string) error {
		d := destroyer{backend: b, name: name}
		err := d.run(ctx)
		if err == nil && d.removed && !b.options.NoCreate {
			b.removeEmpty(ctx, name)
		}
		return err
	})
}

// eachKey calls the function for every key that could be a collection's.
func (b *backend) eachKey(ctx context.Context, call func(name string) error) error {
	names, err := b.collectionKeys(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := call(name)
		isLink := errors.Is(err, core.ErrCorrupt)
		if err != nil && !isLink && !errors.Is(err, driver.ErrNotSetUp) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// destroyer removes the entries in the key of that name.
type destroyer struct {
	*backend
	name       string
	collection string // the one that is meant, or empty: all that lead there
	now        time.Time

	live, removed bool
	left          []error
}

func (d *destroyer) run(ctx context.Context) error {
	stored, err := d.valuesOf(ctx, d.name)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(stored, together) {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := d.writers.inTurn(ctx, func() error {
			k, err := d.openStored(d.name, toWrite)
			if err != nil {
				return err
			}
			defer k.Close()
			for _, value := range chunk {
				if err := d.remove(k, value); err != nil {
					return err
				}
			}
			return d.sync(k)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// remove removes what is in the value, if it is an entry that this library has
// put there: one whose own names are those of key and value.
func (d *destroyer) remove(k registry.Key, value string) error {
	s := getScratch()
	defer putScratch(s)
	text, err := s.read(k, value)
	var envelope managed.Envelope
	if err == nil {
		envelope, err = managed.Decode(text)
	}
	if err == core.ErrNotFound {
		return nil
	}
	if err != nil {
		return d.leave(value, err)
	}
	collection, hasCollection := envelope.Collection()
	key, hasKey := envelope.Key()
	switch {
	case !hasCollection || !hasKey:
		return d.leave(value, errUnnamed)
	case d.collection != "" && d.collection != collection:
		return nil
	case !isNameOf(keyNames, d.name, collection) || !isNameOf(valueNames, value, key):
		return nil
	}
	live := !envelope.ExpiredAt(d.now)
	if err := deleteValue(k, s.name(value)); err != nil {
		return notFound(err, nil)
	}
	d.removed = true
	d.live = d.live || live
	return nil
}

// leave notes what stays in a collection that is destroyed.
func (d *destroyer) leave(value string, err error) error {
	if !errors.Is(err, core.ErrCorrupt) {
		return err
	}
	if d.collection != "" {
		d.left = append(d.left, fmt.Errorf("%.200q: %w", value, err))
	}
	return nil
}

// removeEmpty removes the key of a collection if there is nothing in it. That
// it cannot be removed is no error: there is no entry in it.
func (b *backend) removeEmpty(ctx context.Context, name string) {
	_ = b.writers.inTurn(ctx, func() error {
		k, err := b.openStored(name, toRead)
		if err != nil {
			return err
		}
		info, err := k.Stat()
		_ = k.Close()
		if err != nil || info.ValueCount > 0 || info.SubKeyCount > 0 {
			return err
		}
		path, err := b.openPath(registry.QUERY_VALUE)
		if err != nil {
			return err
		}
		defer path.Close()
		return deleteKey(path, name, b.view)
	})
}

package disk

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Keys lists the keys of a collection.
func (m *multiBackend) Keys(ctx context.Context, collection string) (driver.Pager, error) {
	b, err := m.of(collection)
	if err != nil {
		return nil, err
	}
	defer m.release(b)
	names, err := b.Keys(ctx, collection)
	if of, ok := names.(*pager); ok && err == nil {
		return &multiKeys{m, collection, of}, nil
	}
	return names, err
}

// multiKeys opens the directory of a listing for each page anew: it may have been
// closed meanwhile.
type multiKeys struct {
	multi      *multiBackend
	collection string
	pager      *pager
}

func (k *multiKeys) Next(ctx context.Context) ([]driver.Listed, bool, error) {
	b, err := k.multi.of(k.collection)
	if err != nil {
		return nil, false, err
	}
	defer k.multi.release(b)
	k.pager.backend = b.backend
	return k.pager.Next(ctx)
}

func (k *multiKeys) Close() error { return nil }

// Collections lists the collections.
func (m *multiBackend) Collections(ctx context.Context) (driver.Pager, error) {
	names, err := m.collections(ctx)
	return &multiCollections{m, names}, err
}

// multiCollections looks into one directory after the other.
type multiCollections struct {
	multi *multiBackend
	names []string // not looked at yet
}

func (c *multiCollections) Next(ctx context.Context) (page []driver.Listed, more bool, err error) {
	buffer := borrow()
	defer buffer.release()
	names := c.names[:min(driver.PageSize, len(c.names))]
	c.names = c.names[len(names):]
	for _, name := range names {
		err := c.multi.with(name, func(b *backend, root *os.Root, directory string) error {
			listed, err := collectionIn(ctx, root, buffer, directory)
			if err == nil && listed.Name != "" {
				page = append(page, listed)
			}
			return err
		})
		if err != nil {
			return nil, false, err
		}
	}
	return page, len(c.names) > 0, nil
}

func (c *multiCollections) Close() error { return nil }

// with calls do for the directory of a collection, if there is one.
func (m *multiBackend) with(collection string, do func(b *backend, root *os.Root, directory string) error) error {
	b, err := m.of(collection)
	if err != nil {
		return err
	}
	defer m.release(b)
	root, err := b.backend.open()
	if err != nil {
		return absent(err)
	}
	return do(b.backend, root, scheme.Encode(collection))
}

// DestroyCollection removes the entries of a collection. Its directory stays,
// with the locks that others may hold.
func (m *multiBackend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	b, err := m.of(collection)
	if err != nil {
		return false, err
	}
	defer m.release(b)
	return b.DestroyCollection(ctx, collection, now)
}

// Destroy removes the entries of all collections.
func (m *multiBackend) Destroy(ctx context.Context) error {
	return m.each(ctx, func(b *backend, root *os.Root, directory string) error {
		_, err := b.destroyDirectory(ctx, root, directory, time.Now())
		return err
	})
}

// Cull removes the entries that have expired.
func (m *multiBackend) Cull(ctx context.Context, now time.Time) (count int, err error) {
	err = m.each(ctx, func(b *backend, root *os.Root, directory string) error {
		culled, err := b.cullDirectory(ctx, root, directory, now)
		count += culled
		return err
	})
	return count, err
}

// each is with for all collections. It goes on after an error.
func (m *multiBackend) each(ctx context.Context, do func(b *backend, root *os.Root, directory string) error) error {
	names, err := m.collections(ctx)
	wrong := []error{err}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(wrong, err)...)
		}
		wrong = append(wrong, m.with(name, do))
	}
	return errors.Join(wrong...)
}

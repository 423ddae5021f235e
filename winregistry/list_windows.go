package winregistry

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// A listing copies all names at once, while nobody writes: the registry counts
// values and keys, and one that goes away moves those behind it. What lies under
// the names is read page by page.

// Keys lists the keys of the collection.
func (b *backend) Keys(ctx context.Context, collection string) (driver.Pager, error) {
	stored, err := b.valuesOf(ctx, keyName(collection))
	if err != nil {
		return nil, err
	}
	return &keyPager{backend: b, collection: collection, stored: stored}, nil
}

// keyPager lists the keys of a collection.
type keyPager struct {
	backend    *backend
	collection string
	stored     []string // names of values that are still to be looked at
}

func (p *keyPager) Next(context.Context) ([]driver.Listed, bool, error) {
	names := p.stored[:min(driver.PageSize, len(p.stored))]
	p.stored = p.stored[len(names):]
	var page []driver.Listed
	in, _ := slotOf(keyNames, keyName(p.collection))
	err := p.backend.in(p.collection, toRead, func(k registry.Key) error {
		page = make([]driver.Listed, 0, len(names))
		for _, name := range names {
			e, err := look(k, in, name)
			switch {
			case errors.Is(err, core.ErrCorrupt):
				page = append(page, driver.Listed{Err: err})
			case err == nil && e.collection == p.collection:
				page = append(page, driver.Listed{Name: e.key, ExpiresAt: e.ExpiresAt})
			case err != nil && err != core.ErrNotFound:
				return err
			}
		}
		return nil
	})
	return page, len(p.stored) > 0, err
}

func (p *keyPager) Close() error { return nil }

// Collections lists the collections in which there is a live entry.
func (b *backend) Collections(ctx context.Context) (driver.Pager, error) {
	stored, err := b.collectionKeys(ctx)
	if err != nil {
		return nil, err
	}
	return &collectionPager{backend: b, stored: stored}, nil
}

// collectionPager lists the collections.
type collectionPager struct {
	backend *backend
	stored  []string // names of keys that are still to be looked at
}

// Next looks at one key: there may be many entries that have expired in it.
func (p *collectionPager) Next(ctx context.Context) (page []driver.Listed, more bool, err error) {
	if len(p.stored) == 0 {
		return nil, false, nil
	}
	name := p.stored[0]
	p.stored = p.stored[1:]
	e, err := p.backend.liveIn(ctx, name)
	switch {
	case err == nil:
		page = []driver.Listed{{Name: e.collection, ExpiresAt: e.ExpiresAt}}
	case errors.Is(err, core.ErrCorrupt), err == core.ErrNotFound, err == driver.ErrNotSetUp:
		// A symbolic link, no entry, or gone meanwhile.
	default:
		return nil, false, err
	}
	return page, len(p.stored) > 0, nil
}

func (p *collectionPager) Close() error { return nil }

// liveIn returns a live entry in the key of a collection, or core.ErrNotFound.
func (b *backend) liveIn(ctx context.Context, name string) (located, error) {
	in, ok := slotOf(keyNames, name)
	if !ok {
		return located{}, core.ErrNotFound
	}
	stored, err := b.valuesOf(ctx, name)
	if err != nil {
		return located{}, err
	}
	k, err := b.openStored(name, toRead)
	if err != nil {
		return located{}, err
	}
	defer k.Close()
	for _, value := range stored {
		if err := ctx.Err(); err != nil {
			return located{}, err
		}
		e, err := look(k, in, value)
		if err == nil && !e.Expired() {
			return e, nil
		}
		if err != nil && err != core.ErrNotFound && !errors.Is(err, core.ErrCorrupt) {
			return located{}, err
		}
	}
	return located{}, core.ErrNotFound
}

// located is an entry with the names that lead to it, without its value.
type located struct {
	core.Entry
	collection, key string
}

// look returns the entry in a value of a collection's key. It is
// core.ErrNotFound if no names lead there, or those of another entry.
func look(k registry.Key, in slot, stored string) (located, error) {
	at, ok := slotOf(valueNames, stored)
	if !ok {
		return located{}, core.ErrNotFound
	}
	s := getScratch()
	defer putScratch(s)
	text, err := s.read(k, stored)
	if err != nil {
		return located{}, err
	}
	envelope, err := managed.Decode(text)
	if err != nil {
		return located{}, err
	}
	e := located{collection: in.original, key: at.original}
	if in.hashed {
		if e.collection, ok = envelope.Collection(); !ok {
			return located{}, errUnnamed
		}
	}
	if at.hashed {
		if e.key, ok = envelope.Key(); !ok {
			return located{}, errUnnamed
		}
	}
	if !in.leadsTo(keyNames, e.collection) || !at.leadsTo(valueNames, e.key) || !envelope.Belongs(e.collection, e.key) {
		return located{}, core.ErrNotFound
	}
	e.Entry = envelope.Entry
	e.Value = nil // it is part of the scratch
	return e, nil
}

var errUnnamed = fmt.Errorf("%w: it does not name its collection and key", core.ErrCorrupt)

// valuesOf returns the names of all values in the key of a collection.
func (b *backend) valuesOf(ctx context.Context, name string) (stored []string, err error) {
	err = b.writers.inTurn(ctx, func() error {
		k, err := b.openStored(name, toRead)
		if err != nil {
			return err
		}
		defer k.Close()
		stored, err = valueNamesIn(k)
		return err
	})
	return stored, err
}

// collectionKeys returns the names of all keys below the path.
func (b *backend) collectionKeys(ctx context.Context) (stored []string, err error) {
	err = b.writers.inTurn(ctx, func() error {
		k, err := b.openPath(registry.ENUMERATE_SUB_KEYS)
		if err != nil {
			return err
		}
		defer k.Close()
		stored, err = keyNamesIn(k)
		return err
	})
	return stored, err
}

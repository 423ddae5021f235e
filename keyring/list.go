package keyring

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// Keys lists the keys of the collection.
func (b *backend) Keys(ctx context.Context, collection string) (driver.Pager, error) {
	found, err := b.find(ctx, collection)
	return &pager{backend: b, rest: found, collection: collection}, err
}

// Collections lists the collections.
func (b *backend) Collections(ctx context.Context) (driver.Pager, error) {
	found, err := b.find(ctx, "")
	return &pager{backend: b, rest: found, live: make(map[string]bool)}, err
}

// item is one that has a name of ours.
type item struct {
	name            string
	collection, key string // empty where the name is hashed
}

// find returns the items that may be of the collection, or all of ours where
// that is empty, in the order of their names.
func (b *backend) find(ctx context.Context, collection string) ([]item, error) {
	all, err := take(ctx, b.turn, b.items.names)
	if err != nil {
		return nil, err
	}
	slices.Sort(all)
	var found []item
	for _, name := range slices.Compact(all) {
		i, ok := b.itemOf(name)
		if ok && (collection == "" || i.collection == "" || i.collection == collection) {
			found = append(found, i)
		}
	}
	return found, nil
}

// itemOf takes a name apart. It reports false for one that is not ours.
func (b *backend) itemOf(name string) (item, bool) {
	encoded, ok := strings.CutPrefix(name, b.prefix)
	if !ok {
		return item{}, false
	}
	if b.scheme.Hashed(encoded) {
		return item{name: name}, true
	}
	compound, ok := b.scheme.Decode(encoded)
	if !ok {
		return item{}, false
	}
	collection, key, ok := names.SplitCompound(compound)
	ok = ok && collection != "" && core.CheckCollection(collection) == nil && core.CheckKey(key) == nil
	return item{name, collection, key}, ok
}

// read decodes the data of an item. The names of the result are its own. Data
// that names another item is core.ErrNotFound.
func (b *backend) read(i item, data []byte) (item, core.Entry, error) {
	envelope, err := managed.Decode(data)
	if err != nil {
		return i, core.Entry{}, err
	}
	if collection, ok := envelope.Collection(); ok {
		i.collection = collection
	}
	if key, ok := envelope.Key(); ok {
		i.key = key
	}
	if i.collection == "" || i.key == "" || b.name(i.collection, i.key) != i.name {
		return i, core.Entry{}, core.ErrNotFound
	}
	return i, envelope.Entry, nil
}

// pageReads is how many items a page of a listing reads: each costs
// milliseconds, and who breaks out should not wait for many.
const pageReads = 8

// pager lists the keys of a collection, or the collections.
type pager struct {
	*backend
	rest       []item
	collection string          // empty: the collections are listed
	live       map[string]bool // collections of which no more has to be read
	failure    error           // to be returned after the page that came before
}

// Next reads some items, each in a turn of its own.
func (p *pager) Next(ctx context.Context) ([]driver.Listed, bool, error) {
	var page []driver.Listed
	for reads := 0; len(p.rest) > 0 && reads < pageReads && p.failure == nil; {
		next := p.rest[0]
		p.rest = p.rest[1:]
		if p.live[next.collection] {
			continue
		}
		reads++
		listed, ok, err := p.look(ctx, next)
		p.failure = err
		if ok {
			page = append(page, listed)
		}
	}
	if p.failure != nil && len(page) == 0 {
		return nil, false, p.failure
	}
	return page, len(p.rest) > 0 || p.failure != nil, nil
}

// look reads one item and reports whether it belongs into the listing.
func (p *pager) look(ctx context.Context, i item) (driver.Listed, bool, error) {
	data, err := take(ctx, p.turn, func() ([]byte, error) { return p.items.get(i.name) })
	var entry core.Entry
	if err == nil {
		i, entry, err = p.read(i, data)
	}
	switch {
	case errors.Is(err, core.ErrNotFound): // removed meanwhile, or not where it belongs
		return driver.Listed{}, false, nil
	case errors.Is(err, core.ErrCorrupt):
		// It is no sign of a collection. A hashed name may be of any.
		return driver.Listed{Name: i.name, Err: err}, p.live == nil, nil
	case err != nil:
		return driver.Listed{}, false, err
	case p.live == nil:
		return driver.Listed{Name: i.key, ExpiresAt: entry.ExpiresAt}, i.collection == p.collection, nil
	}
	p.live[i.collection] = !entry.Expired()
	return driver.Listed{Name: i.collection, ExpiresAt: entry.ExpiresAt}, true, nil
}

// Close has nothing to release.
func (p *pager) Close() error { return nil }

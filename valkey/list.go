package valkey

import (
	"context"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// Keys lists the keys of the collection on all masters.
func (b *backend) Keys(_ context.Context, collection string) (driver.Pager, error) {
	return newPager(b.scan(collection), collection), nil
}

// Collections lists the collections that occur in names on all masters.
func (b *backend) Collections(context.Context) (driver.Pager, error) {
	p := newPager(b.scan(""), "")
	p.live = make(map[string]bool)
	return p, nil
}

// pager lists the keys of a collection, or the collections.
type pager struct {
	*scan

	// collection is the one whose keys are listed. It is empty where the
	// collections are; then live are those found so far, of which no further
	// entry has to be looked at.
	collection string
	live       map[string]bool

	found []driver.Listed // beyond the size of a page
}

func newPager(s *scan, collection string) *pager {
	s.kind = "string"
	return &pager{scan: s, collection: collection}
}

// Next returns what the next step of the scan finds.
func (p *pager) Next(ctx context.Context) (page []driver.Listed, more bool, err error) {
	if len(p.found) == 0 {
		scanned, server, err := p.next(ctx)
		if err != nil {
			return nil, false, err
		}
		items, err := p.backend.examine(ctx, server, p.items(scanned))
		if err != nil {
			return nil, false, err
		}
		p.find(items)
	}
	page = p.found[:min(driver.PageSize, len(p.found))]
	p.found = p.found[len(page):]
	return page, len(p.found) > 0 || p.more(), nil
}

// Close has nothing to release.
func (p *pager) Close() error { return nil }

// items returns those names which the listing is about.
func (p *pager) items(scanned []string) []item {
	items := make([]item, 0, len(scanned))
	for _, name := range scanned {
		i, ok := itemOf(name)
		if ok && !p.live[i.collection] && (p.collection == "" || p.collection == i.collection) {
			items = append(items, i)
		}
	}
	return items
}

// find puts what is known about items into the listing.
func (p *pager) find(items []item) {
	p.found = make([]driver.Listed, 0, len(items))
	for _, i := range items {
		switch {
		case p.live == nil:
			p.found = append(p.found, driver.Listed{Name: i.key, ExpiresAt: i.expiresAt, Err: i.err})
		case i.err == nil && !p.live[i.collection]:
			// Whatever cannot be decoded is no sign of a collection.
			p.found = append(p.found, driver.Listed{Name: i.collection, ExpiresAt: i.expiresAt})
			p.live[i.collection] = !i.expired()
		}
	}
}

// item is a string in the database whose name is that of an entry.
type item struct {
	name            string
	collection, key string
	known
}

// itemOf takes a name apart. It reports false for one that the store would not
// have given.
func itemOf(name string) (item, bool) {
	collection, key, ok := names.SplitCompound(name)
	ok = ok && collection != "" && core.CheckCollection(collection) == nil && core.CheckKey(key) == nil
	return item{name: name, collection: collection, key: key}, ok
}

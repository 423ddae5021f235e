package vault

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// chunk is how many secrets are read before something is done with them. A
// listing that its reader breaks out of has read no more for nothing.
const chunk = 100

// namesOf returns the names of the secrets of a collection, or of all where it
// is empty.
func (b *backend) namesOf(ctx context.Context, collection string) ([]string, error) {
	names, err := b.list(ctx)
	if err != nil || collection == "" {
		return names, err
	}
	prefix := prefixOf(collection)
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, prefix) }), nil
}

// Keys lists the keys of a collection: one request for the names of all secrets,
// and one for each secret of the collection.
func (b *backend) Keys(ctx context.Context, collection string) (driver.Pager, error) {
	names, err := b.namesOf(ctx, collection)
	return &pager{backend: b, names: names, collection: collection}, err
}

// Collections lists the collections: one request for the names of all secrets,
// and one for each until its collection is known to hold a live entry.
func (b *backend) Collections(ctx context.Context) (driver.Pager, error) {
	names, err := b.namesOf(ctx, "")
	return &pager{backend: b, names: names, live: make(map[string]bool)}, err
}

// pager lists what secrets say whose names it has.
type pager struct {
	backend *backend
	names   []string // of what was not read yet

	// collection is the one whose keys are listed. It is empty where the
	// collections are; then live has the prefixes of those found so far.
	collection string
	live       map[string]bool
}

// Next reads some secrets.
func (p *pager) Next(ctx context.Context) (page []driver.Listed, more bool, err error) {
	var some []string
	for len(p.names) > 0 && len(some) < chunk {
		if name := p.names[0]; !p.live[prefix(name)] {
			some = append(some, name)
		}
		p.names = p.names[1:]
	}
	secrets, err := p.backend.walk(ctx, some)
	if err != nil {
		return nil, false, err
	}
	for i := range secrets {
		if listed, ok := p.listed(&secrets[i]); ok {
			page = append(page, listed)
		}
	}
	return page, len(p.names) > 0, nil
}

// listed returns what the listing has to say of a secret, if anything.
func (p *pager) listed(f *found) (driver.Listed, bool) {
	switch {
	case p.live == nil && f.err != nil:
		return driver.Listed{Err: fmt.Errorf("%.200q: %w", f.name, f.err)}, true
	case !f.isEntry(): // whatever cannot be decoded is no sign of a collection
		return driver.Listed{}, false
	case p.live == nil:
		return driver.Listed{Name: f.key, ExpiresAt: f.entry.ExpiresAt}, f.collection == p.collection
	}
	if !f.entry.Expired() && secretName(f.collection, f.key) == f.name {
		p.live[prefix(f.name)] = true
	}
	return driver.Listed{Name: f.collection, ExpiresAt: f.entry.ExpiresAt}, true
}

// prefix returns what the names of the secrets of the same collection begin with.
func prefix(name string) string {
	collection, _, _ := strings.Cut(name, separator)
	return collection
}

// Close has nothing to release.
func (p *pager) Close() error { return nil }

package elasticsearch

import (
	"context"
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Keys lists the keys of a collection in the order of their bytes. Nothing is
// held on the server between two pages: each is what comes behind the last key.
func (b *backend) Keys(ctx context.Context, collection string) (driver.Pager, error) {
	index := b.layout.index(collection)
	if err := b.update(ctx, index, nil); err != nil {
		return nil, err
	}
	query := everything() // what is no entry is listed as an error
	if b.layout.single {
		query = inCollection(collection)
	}
	return &keyPager{backend: b, collection: collection, search: search{index: index, query: query, sort: byKey, size: pageSize}}, nil
}

type keyPager struct {
	*backend
	collection string
	search     search

	// last is the key that was listed last. It comes again if it was replaced
	// since.
	last string
}

func (p *keyPager) Next(ctx context.Context) ([]driver.Listed, bool, error) {
	hits, more, err := p.next(ctx, &p.search)
	if err != nil {
		return nil, false, err
	}
	page := make([]driver.Listed, 0, len(hits))
	var doubtful []string
	for i := range hits {
		listed, ok := p.listed(&hits[i])
		switch {
		case !ok:
			doubtful = append(doubtful, hits[i].ID)
		case listed.Name != "" && listed.Name != p.last:
			p.last = listed.Name
			page = append(page, listed)
		}
	}
	rest, err := p.examine(ctx, doubtful)
	return append(page, rest...), more, err
}

func (p *keyPager) Close() error { return nil }

// listed returns what a hit is in the listing, without a name for what belongs
// to another collection or lies under another key. It is not ok if that cannot
// be told without the whole document.
func (p *keyPager) listed(h *hit) (listed driver.Listed, ok bool) {
	envelope, err := decodeHeader(h.Source)
	if err != nil {
		return driver.Listed{}, false
	}
	collection, hasCollection := envelope.Collection()
	key, hasKey := envelope.Key()
	if !hasCollection || !hasKey {
		return driver.Listed{}, false
	}
	if collection == p.collection && p.layout.holds(p.search.index, h.ID, collection, key) {
		listed = driver.Listed{Name: key, ExpiresAt: envelope.ExpiresAt}
	}
	return listed, true
}

// examine reads the documents whose headers are not those of an entry.
func (p *keyPager) examine(ctx context.Context, ids []string) ([]driver.Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	documents, err := p.fetch(ctx, p.search.index, ids)
	if err != nil {
		return nil, err
	}
	listed := make([]driver.Listed, 0, len(ids))
	for i, id := range ids {
		key, named := p.layout.key(p.collection, id)
		entry, err := documents[i].entry(p.collection, key)
		switch {
		case errors.Is(err, core.ErrNotFound): // gone meanwhile, or under another name
		case err == nil && named:
			listed = append(listed, driver.Listed{Name: key, ExpiresAt: entry.ExpiresAt})
		case err == nil:
			listed = append(listed, driver.Listed{Err: corrupt("the document does not name its key")})
		default:
			listed = append(listed, driver.Listed{Err: err})
		}
	}
	return listed, nil
}

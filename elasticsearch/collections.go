package elasticsearch

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Collections lists the collections with a live entry: it looks for one in each
// index, or counts by collection in the single one.
func (b *backend) Collections(ctx context.Context) (driver.Pager, error) {
	if err := b.update(ctx, b.layout.pattern(), everywhere()); err != nil {
		return nil, err
	}
	if b.layout.single {
		return &groups{backend: b}, nil
	}
	indices, err := b.indices(ctx)
	if err != nil {
		return nil, err
	}
	return &collectionPager{backend: b, rest: indices}, nil
}

// collectionPager looks into one index after the other.
type collectionPager struct {
	*backend
	rest []index
}

// A page of collections is of so many indices, of which several are searched at
// once.
const (
	indicesOfPage = 64
	searchers     = 8
)

func (p *collectionPager) Next(ctx context.Context) ([]driver.Listed, bool, error) {
	some := p.rest[:min(indicesOfPage, len(p.rest))]
	p.rest = p.rest[len(some):]
	found := make([]string, len(some))
	errs := make([]error, len(some))
	var group sync.WaitGroup
	slots := make(chan struct{}, searchers)
	for i := range some {
		slots <- struct{}{}
		group.Go(func() {
			found[i], errs[i] = p.inhabited(ctx, &some[i])
			<-slots
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, false, err
	}
	page := make([]driver.Listed, 0, len(some))
	for _, collection := range found {
		if collection != "" {
			page = append(page, driver.Listed{Name: collection})
		}
	}
	return page, len(p.rest) > 0, nil
}

func (p *collectionPager) Close() error { return nil }

// inhabited returns the collection of the index if it has a live entry.
func (b *backend) inhabited(ctx context.Context, i *index) (string, error) {
	query := live(time.Now())
	if name, ok := b.layout.collection(i.name); ok {
		query = liveIn(name, time.Now())
	} else if i.meta != nil && i.meta.Collection != "" && !b.layout.v1 {
		query = liveIn(i.meta.Collection, time.Now())
	}
	s := search{index: i.name, query: query, sort: byNumber, size: 1}
	for more := true; more; {
		var hits []hit
		var err error
		hits, more, err = b.next(ctx, &s)
		if errors.Is(err, driver.ErrNotSetUp) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		for n := range hits {
			if names, ok := b.belongs(i.name, &hits[n]); ok && !names.expired {
				return names.collection, nil
			}
		}
		s.size = pageSize // there is something else among the entries
	}
	return "", nil
}

// owner is whose entry a hit is.
type owner struct {
	collection, key string
	expiresAt       time.Time
	expired         bool
}

// belongs returns whose entry the hit is, if its own names lead to where it
// lies.
func (b *backend) belongs(index string, h *hit) (owner, bool) {
	envelope, err := decodeHeader(h.Source)
	if err != nil {
		return owner{}, false
	}
	collection, _ := envelope.Collection()
	key, _ := envelope.Key()
	return owner{collection, key, envelope.ExpiresAt, envelope.Expired()}, b.layout.holds(index, h.ID, collection, key)
}

// groups lists the collections in the single index.
type groups struct {
	*backend
	after json.RawMessage
}

func (g *groups) Next(ctx context.Context) ([]driver.Listed, bool, error) {
	composite := object{
		"size":    pageSize,
		"sources": []object{{"collection": object{"terms": object{"field": "collection"}}}},
	}
	if g.after != nil {
		composite["after"] = g.after
	}
	r := request{
		method: http.MethodPost, path: []string{g.layout.prefix, "_search"},
		body: jsonBody(object{
			"size": 0, "query": live(time.Now()), "track_total_hits": false,
			"aggs": object{"collections": object{"composite": composite}},
		}),
	}
	var found struct {
		Aggregations *struct {
			Collections struct {
				After   json.RawMessage `json:"after_key"`
				Buckets []struct {
					Key struct{ Collection string }
				}
			}
		}
	}
	if err := g.call(ctx, &r, &found); err != nil {
		return nil, false, err
	}
	if found.Aggregations == nil {
		return nil, false, errAnswer
	}
	all := &found.Aggregations.Collections
	page := make([]driver.Listed, len(all.Buckets))
	for i := range all.Buckets {
		page[i] = driver.Listed{Name: all.Buckets[i].Key.Collection}
	}
	g.after = all.After
	return page, len(page) == pageSize, nil
}

func (g *groups) Close() error { return nil }

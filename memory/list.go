package memory

import (
	"context"
	"iter"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// Keys ranges over the live keys of the collection. A key that is there from
// the beginning to the end comes exactly once, whatever else changes.
func (s *Store) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		check := func() error { return s.begin(ctx, "keys", collection, "") }
		err := check()
		if err == nil {
			err = checkCollections("keys", []string{collection})
		}
		var page []item
		for i := 0; i < len(s.shards) && err == nil; i++ {
			for at, more := (cursor{}), true; more && err == nil; {
				page, at, more = s.shards[i].page(core.CollectionName(collection), at, page[:0])
				for i := 0; i < len(page) && err == nil; i++ {
					if !page[i].expiredNow() && !yield(page[i].data, nil) {
						return
					}
					err = check() // the body may have closed the store
				}
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

// chunksPerPage is how many chunks a listing copies before it lets go of the
// lock: those of at most 1,000 items.
const chunksPerPage = 1000 / chunkSize

// page copies the items of some chunks, with the key alone for data: a part of
// what is kept would keep the value alive too. The other results are those of
// table.walk.
func (sh *shard) page(collection string, at cursor, page []item) (items []item, next cursor, more bool) {
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	t := sh.collections[collection]
	if t == nil {
		return page, at, false
	}
	next, more = t.walk(at, chunksPerPage, func(_ uint32, it *item) {
		page = append(page, item{strings.Clone(it.key()), it.created, it.ttl})
	})
	return page, next, more
}

// Collections ranges over the collections that hold a live entry.
func (s *Store) Collections(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		check := func() error { return s.begin(ctx, "collections", "", "") }
		err := check()
		seen := make(map[string]struct{})
		for i := 0; i < len(s.shards) && err == nil; i++ {
			names := s.shards[i].names()
			for i := 0; i < len(names) && err == nil; i++ {
				if _, again := seen[names[i]]; again {
					continue
				}
				seen[names[i]] = struct{}{}
				if s.live(names[i]) && !yield(names[i], nil) {
					return
				}
				err = check()
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

// names returns the names of all collections in the shard.
func (sh *shard) names() []string {
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	names := make([]string, 0, len(sh.collections))
	for name := range sh.collections {
		names = append(names, name)
	}
	return names
}

// live reports whether the collection holds a live entry.
func (s *Store) live(collection string) bool {
	for i := range s.shards {
		for at, more := (cursor{}), true; more; {
			var live bool
			if live, at, more = s.shards[i].live(collection, at); live {
				return true
			}
		}
	}
	return false
}

// live looks for a live entry in some chunks. The other results are those of
// table.walk.
func (sh *shard) live(collection string, at cursor) (live bool, next cursor, more bool) {
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	t := sh.collections[collection]
	if t == nil {
		return false, at, false
	}
	if t.expiring < t.len() {
		return true, at, false
	}
	now := present()
	next, more = t.walk(at, chunksPerPage, func(_ uint32, it *item) { live = live || !it.expired(now) })
	return live, next, more
}

// live reports whether the table holds a live item.
func (t *table) live(now int64) bool {
	live := t.expiring < t.len()
	if !live {
		t.walk(cursor{}, len(t.chunks), func(_ uint32, it *item) { live = live || !it.expired(now) })
	}
	return live
}

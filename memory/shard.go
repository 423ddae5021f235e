package memory

import (
	"hash/maphash"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// shard is a part of the store with a lock of its own. Which one an entry
// belongs to depends on the hash of its names.
//
// The methods are called with the lock held: for reading in those that only
// read, unless the store is bounded, where a read is a use.
type shard struct {
	mu          sync.RWMutex
	collections map[string]*table // without empty ones; nil once closed
	recent      *table            // the table written to last, or nil: often the next one wanted
	limits      *limits           // nil in an unbounded store
	seed        maphash.Seed
	entries     int // all, expired ones too
	expiring    int // those with a time to live
	bytes       int // of keys and values

	_ [48]byte // keeps the locks of two shards on different cache lines
}

// table returns the table of the collection, or nil.
func (sh *shard) table(collection string) *table {
	if t := sh.recent; t != nil && t.collection == collection {
		return t
	}
	return sh.collections[collection]
}

// find returns the table and the position of the key, expired or not.
func (sh *shard) find(hash uint32, collection, key string) (*table, uint32, bool) {
	t := sh.table(collection)
	if t == nil {
		return nil, 0, false
	}
	position, found := t.find(hash, key)
	return t, position, found
}

// guess returns the first item of the collection that has the hash.
func (sh *shard) guess(hash uint32, collection string) (item, bool) {
	t := sh.table(collection)
	if t == nil {
		return item{}, false
	}
	place, position := t.index.next(hash, int(hash))
	if place < 0 {
		return item{}, false
	}
	return *t.at(position), true
}

// get returns the live item under the key.
func (sh *shard) get(hash uint32, collection, key string) (item, bool) {
	t, position, found := sh.find(hash, collection, key)
	if !found {
		return item{}, false
	}
	it := *t.at(position)
	if it.expiredNow() {
		return item{}, false
	}
	if sh.limits != nil {
		sh.limits.use(t.node(position))
	}
	return it, true
}

// put stores an item, whose key is given as well, and makes room for it.
func (sh *shard) put(hash uint32, collection, key string, it item) error {
	if sh.collections == nil {
		return core.ErrClosed
	}
	if t, position, found := sh.find(hash, collection, key); found {
		sh.overwrite(t, position, it)
	} else {
		sh.add(hash, collection, it)
	}
	if sh.limits != nil {
		sh.makeRoom(it.created)
	}
	return nil
}

// insert is put where there is no live entry, and reports whether it was so.
func (sh *shard) insert(hash uint32, collection, key string, it item) (bool, error) {
	t, position, found := sh.find(hash, collection, key)
	if found && !t.at(position).expired(it.created) {
		return false, nil
	}
	err := sh.put(hash, collection, key, it)
	return err == nil, err
}

// delete removes an entry and reports whether that was live.
func (sh *shard) delete(hash uint32, collection, key string) (bool, error) {
	if sh.collections == nil {
		return false, core.ErrClosed
	}
	t, position, found := sh.find(hash, collection, key)
	if !found {
		return false, nil
	}
	live := !t.at(position).expiredNow()
	sh.remove(t, position)
	return live, nil
}

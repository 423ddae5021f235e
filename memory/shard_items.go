package memory

import (
	"hash/maphash"
	"strings"
)

// These methods are the only ones that change tables: they keep the counts of
// the shard, the order of use, and the map of collections in step with them.

// add stores an item that is not there. It keeps a copy of the collection.
func (sh *shard) add(hash uint32, collection string, it item) {
	t := sh.table(collection)
	if t == nil {
		t = newTable(strings.Clone(collection))
		sh.collections[t.collection] = t
	}
	sh.recent = t
	position := t.add(hash, it)
	sh.count(t, &it, 1)
	if sh.limits != nil {
		t.setNode(position, sh.limits.add(t, position))
	}
}

// overwrite replaces the item at the position by another with the same key.
func (sh *shard) overwrite(t *table, position uint32, it item) {
	sh.recent = t
	old := t.at(position)
	sh.count(t, old, -1)
	sh.count(t, &it, 1)
	*old = it
	if sh.limits != nil {
		sh.limits.renew(t.node(position))
	}
}

// remove removes the item at the position, and the table with the last one.
func (sh *shard) remove(t *table, position uint32) {
	it := t.at(position)
	sh.count(t, it, -1)
	if sh.limits != nil {
		sh.limits.remove(t.node(position))
	}
	t.remove(uint32(maphash.String(sh.seed, it.key())), position)
	if t.len() == 0 {
		sh.drop(t)
	}
}

// detach takes a whole collection out of the shard. The table, nil if there is
// none, belongs to the caller from then on.
func (sh *shard) detach(collection string) *table {
	t := sh.collections[collection]
	if t == nil {
		return nil
	}
	sh.drop(t)
	sh.entries -= t.len()
	sh.expiring -= t.expiring
	sh.bytes -= t.bytes
	if sh.limits != nil {
		t.walk(cursor{}, len(t.chunks), func(position uint32, _ *item) { sh.limits.remove(t.node(position)) })
	}
	return t
}

// drop forgets a table.
func (sh *shard) drop(t *table) {
	delete(sh.collections, t.collection)
	if sh.recent == t {
		sh.recent = nil
	}
}

// clear removes everything.
func (sh *shard) clear() {
	sh.collections, sh.recent = make(map[string]*table), nil
	sh.entries, sh.expiring, sh.bytes = 0, 0, 0
	if sh.limits != nil {
		sh.limits.clear()
	}
}

// count adds the item to what the table and the shard hold, or with -1 takes
// it off.
func (sh *shard) count(t *table, it *item, by int) {
	size := by * it.size()
	sh.entries += by
	sh.bytes += size
	t.bytes += size
	if it.expires() {
		sh.expiring += by
		t.expiring += by
	}
}

package memory

import "math/bits"

// table holds the items of one collection in one shard. An item keeps its
// position until it is removed; its place is then free for another. So a
// listing or a sweep can stop at a position, let go of the lock, and go on
// there later, without missing or repeating an item that stays.
type table struct {
	collection string
	index      index
	items      [][]item // in chunks: see chunkSize
	chunks     []chunk  // beside items
	room       int32    // a chunk with a free place, or noChunk
	expiring   int      // items with a time to live
	bytes      int      // of keys and values
}

// chunkSize is how many items a chunk holds: as many as a word has bits. The
// storage of a chunk grows as its places are used for the first time, and is
// given back when all are free.
const chunkSize = 64

// chunk is what need not be at hand to read an item.
type chunk struct {
	used  uint64  // a bit for each place that is not free
	nodes []*node // of the items, in a bounded store
	room  int32   // the next chunk with a free place, or noChunk
}

// noChunk ends the list of the chunks with a free place.
const noChunk = -1

func newTable(collection string) *table {
	t := &table{collection: collection, room: noChunk}
	t.index.resize(smallestIndex)
	return t
}

func (t *table) len() int { return t.index.count }

// find returns the position of the key.
func (t *table) find(hash uint32, key string) (position uint32, found bool) {
	for place := int(hash); ; place++ {
		place, position = t.index.next(hash, place)
		if place < 0 {
			return 0, false
		}
		if t.at(position).key() == key {
			return position, true
		}
	}
}

// at returns the item at a position in use. The pointer is good until the
// next add.
func (t *table) at(position uint32) *item {
	return &t.items[position/chunkSize][position%chunkSize]
}

// add stores an item whose key is not there and returns its position.
func (t *table) add(hash uint32, it item) uint32 {
	if t.room == noChunk {
		t.room = int32(len(t.chunks))
		t.items = append(t.items, nil)
		t.chunks = append(t.chunks, chunk{room: noChunk})
	}
	number := t.room
	c := &t.chunks[number]
	place := bits.TrailingZeros64(^c.used)
	switch items := t.items[number]; {
	case place < len(items):
		items[place] = it
	case place == 0 && number > 0:
		// A collection that has filled a chunk will fill more than a place
		// of the next.
		t.items[number] = append(make([]item, 0, chunkSize/8), it)
	default:
		t.items[number] = append(items, it)
	}
	if c.used |= 1 << place; c.used == ^uint64(0) {
		t.room = c.room
	}
	position := uint32(number)*chunkSize + uint32(place)
	t.index.add(hash, position)
	return position
}

// remove removes the item at the position.
func (t *table) remove(hash uint32, position uint32) {
	t.index.remove(hash, position)
	number, place := position/chunkSize, position%chunkSize
	c := &t.chunks[number]
	if c.used == ^uint64(0) {
		c.room, t.room = t.room, int32(number)
	}
	if c.used &^= 1 << place; c.used == 0 {
		t.items[number], c.nodes = nil, nil
		return
	}
	t.items[number][place] = item{}
	if c.nodes != nil {
		c.nodes[place] = nil
	}
}

// cursor is a place between two chunks at which a walk stops and goes on. The
// zero cursor is the beginning.
type cursor struct {
	chunk int
	end   int // the number of chunks when the walk began: what is added behind is left out
}

// walk calls the function for the items of a number of chunks. It returns where
// to go on, and whether there is more. The function may remove the item that it
// is given.
func (t *table) walk(at cursor, chunks int, visit func(position uint32, it *item)) (next cursor, more bool) {
	if at.end == 0 {
		at.end = len(t.chunks)
	}
	at.end = min(at.end, len(t.chunks)) // another table, if the first became empty
	last := min(at.chunk+chunks, at.end)
	for ; at.chunk < last; at.chunk++ {
		for used := t.chunks[at.chunk].used; used != 0; used &= used - 1 {
			place := bits.TrailingZeros64(used)
			visit(uint32(at.chunk*chunkSize+place), &t.items[at.chunk][place])
		}
	}
	return at, at.chunk < at.end
}

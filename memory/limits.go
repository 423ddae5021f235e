package memory

// limits is what a bounded store keeps beside its entries: their order of use,
// and the order in which they expire. Both are exact.
type limits struct {
	maxEntries, maxBytes int // zero: unbounded
	ring                 node
	deadlines            deadlines
	evicted              uint64
}

// node stands for one item in both orders.
type node struct {
	newer, older *node // in a ring through limits.ring
	table        *table
	position     uint32
	deadline     int32 // the place in limits.deadlines, or noDeadline
}

func newLimits(maxEntries, maxBytes int) *limits {
	l := &limits{maxEntries: maxEntries, maxBytes: maxBytes}
	l.clear()
	return l
}

func (l *limits) clear() {
	l.ring.newer, l.ring.older = &l.ring, &l.ring
	l.deadlines = nil
}

// add begins to follow a new item, which is in use now.
func (l *limits) add(t *table, position uint32) *node {
	n := &node{table: t, position: position, deadline: noDeadline}
	l.link(n)
	l.deadlines.set(n)
	return n
}

// renew notes that an item was overwritten.
func (l *limits) renew(n *node) {
	l.use(n)
	l.deadlines.set(n)
}

// use makes an item the most recently used.
func (l *limits) use(n *node) {
	n.unlink()
	l.link(n)
}

func (l *limits) remove(n *node) {
	n.unlink()
	l.deadlines.remove(n)
}

// link makes a node the newest: behind the ring's own node, which is older
// than all and newer than all.
func (l *limits) link(n *node) {
	newest := l.ring.older
	n.older, n.newer = newest, &l.ring
	newest.newer, l.ring.older = n, n
}

func (n *node) unlink() { n.older.newer, n.newer.older = n.newer, n.older }

// exceeded reports whether so much is too much.
func (l *limits) exceeded(entries, bytes int) bool {
	return l.maxEntries > 0 && entries > l.maxEntries || l.maxBytes > 0 && bytes > l.maxBytes
}

// makeRoom removes entries until the bounds are kept: the expired ones, then
// the least recently used. What was just written is the last to go, and it
// fits alone.
func (sh *shard) makeRoom(now int64) {
	for sh.limits.exceeded(sh.entries, sh.bytes) {
		victim := sh.limits.deadlines.expired(now)
		if victim == nil {
			victim = sh.limits.ring.newer
			sh.limits.evicted++
		}
		sh.remove(victim.table, victim.position)
	}
}

// node returns the node of the item at the position.
func (t *table) node(position uint32) *node {
	return t.chunks[position/chunkSize].nodes[position%chunkSize]
}

// setNode gives the item at the position its node.
func (t *table) setNode(position uint32, n *node) {
	c := &t.chunks[position/chunkSize]
	for int(position%chunkSize) >= len(c.nodes) {
		c.nodes = append(c.nodes, nil)
	}
	c.nodes[position%chunkSize] = n
}

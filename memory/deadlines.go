package memory

import (
	"container/heap"
	"math"
)

// deadlines is a heap of the items with a time to live: what expires first is
// at the front. Each node knows its place in it.
type deadlines []deadline

type deadline struct {
	at   int64 // nanoseconds since 1970
	node *node
}

// noDeadline is the place of a node that is not in the heap.
const noDeadline = -1

// expired returns a node whose item has expired at the time now, or nil.
func (d deadlines) expired(now int64) *node {
	if len(d) == 0 || d[0].at > now {
		return nil
	}
	return d[0].node
}

// set puts a node where its item, which is new or was overwritten, belongs.
func (d *deadlines) set(n *node) {
	it := n.table.at(n.position)
	if !it.expires() {
		d.remove(n)
		return
	}
	if n.deadline == noDeadline {
		n.deadline = int32(len(*d))
		*d = append(*d, deadline{node: n})
	}
	at := it.created + int64(it.ttl)
	if at < it.created {
		at = math.MaxInt64 // beyond the year 2262
	}
	(*d)[n.deadline].at = at
	heap.Fix(d, int(n.deadline))
}

// remove takes a node out, if it is in the heap.
func (d *deadlines) remove(n *node) {
	if n.deadline != noDeadline {
		heap.Remove(d, int(n.deadline))
	}
}

// The methods below are those of [heap.Interface]. Push is never called.

func (d deadlines) Len() int           { return len(d) }
func (d deadlines) Less(i, j int) bool { return d[i].at < d[j].at }
func (d deadlines) Push(any)           {}

func (d deadlines) Swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].node.deadline, d[j].node.deadline = int32(i), int32(j)
}

func (d *deadlines) Pop() any {
	last := len(*d) - 1
	(*d)[last].node.deadline = noDeadline
	(*d)[last] = deadline{}
	*d = (*d)[:last]
	return nil
}

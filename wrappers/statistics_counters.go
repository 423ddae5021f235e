package wrappers

import (
	"errors"
	"slices"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
)

// counterSet is what is counted of one collection, or of a store.
type counterSet [operations]counters

// counters are what is counted of one operation.
type counters struct {
	calls, errors, hits, misses atomic.Uint64
	entries                     atomic.Uint64 // of operations on several; otherwise each call is one
	latency                     atomic.Pointer[histogram]
}

// latencies returns the histogram, which is made when it is first needed.
func (n *counters) latencies() *histogram {
	if h := n.latency.Load(); h != nil {
		return h
	}
	n.latency.CompareAndSwap(nil, new(histogram))
	return n.latency.Load()
}

// count counts a call before what it did, and snapshot reads the other way
// round, so that there are never more errors, hits and misses than calls.
func (n *counters) count(c call, a answer) {
	n.calls.Add(1)
	if a.err != nil && !errors.Is(a.err, core.ErrNotFound) {
		n.errors.Add(1)
	}
	switch c.op {
	case opGet:
		if a.err == nil {
			n.hits.Add(1)
		} else if errors.Is(a.err, core.ErrNotFound) {
			n.misses.Add(1)
		}
	case opInsert, opDelete, opDestroyCollection:
		if a.err != nil {
			break
		}
		if a.yes {
			n.hits.Add(1)
		} else {
			n.misses.Add(1)
		}
	case opGetMany:
		hits, misses := hitsAndMisses(c.keys, a)
		n.entries.Add(uint64(len(c.keys)))
		n.hits.Add(uint64(hits))
		n.misses.Add(uint64(misses))
	case opDeleteMany:
		n.entries.Add(uint64(len(c.keys)))
		n.hits.Add(uint64(max(a.count, 0)))
		if a.err == nil {
			n.misses.Add(uint64(max(len(c.keys)-a.count, 0)))
		}
	case opPutMany:
		n.entries.Add(uint64(len(c.items)))
	case opKeys, opCollections, opCull:
		n.entries.Add(uint64(max(a.count, 0)))
	}
}

// hitsAndMisses returns how many keys of a GetMany were found, and how many were not.
// A key that failed is neither.
func hitsAndMisses(keys []string, a answer) (hits, misses int) {
	for i := range a.entries {
		if a.entries[i].Found() {
			hits++
		}
	}
	misses = len(a.entries) - hits
	if a.err == nil || a.entries == nil {
		return hits, misses
	}
	failed := failedKeys(a.err)
	for i, key := range keys[:min(len(keys), len(a.entries))] {
		if failed[key] && !a.entries[i].Found() {
			misses--
		}
	}
	return hits, misses
}

// singles are the operations on one entry.
var singles = []operation{opGet, opPut, opInsert, opDelete}

// snapshot returns the numbers, and false where nothing was counted.
func (n *counters) snapshot(op operation) (OperationStatistics, bool) {
	s := OperationStatistics{
		Misses:  n.misses.Load(),
		Hits:    n.hits.Load(),
		Errors:  n.errors.Load(),
		Entries: n.entries.Load(),
	}
	s.Calls = n.calls.Load()
	if slices.Contains(singles, op) {
		s.Entries = s.Calls
	}
	if h := n.latency.Load(); h != nil {
		s.Latency = h.snapshot()
	}
	return s, s.Calls > 0
}

// snapshot returns what was counted, without the operations that were never
// called.
func (set *counterSet) snapshot() StatisticsByOperation {
	all := make(StatisticsByOperation)
	for i := range set {
		op := operation(i)
		if s, counted := set[i].snapshot(op); counted {
			all[op.String()] = s
		}
	}
	return all
}

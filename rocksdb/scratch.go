package rocksdb

import (
	"sync"

	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// scratch is memory for one call, to be used again by later ones: C reads from
// it and writes into it, and callers get copies.
type scratch struct {
	names []byte   // keys in the database, one behind the other
	ends  []uint64 // where each ends
	data  []byte   // values
	sizes []uint64 // of values
	batch librocksdb.Batch
}

// scratchSize is the least size of data, and maxScratch how much memory is kept
// for later.
const (
	scratchSize = 4 << 10
	maxScratch  = 1 << 20
)

var scratches = sync.Pool{New: func() any { return &scratch{data: make([]byte, 0, scratchSize)} }}

// borrow returns a scratch that is empty, to be given back with release.
func borrow() *scratch {
	s := scratches.Get().(*scratch)
	s.names, s.ends, s.data, s.sizes = s.names[:0], s.ends[:0], s.data[:0], s.sizes[:0]
	s.batch.Reset()
	return s
}

func (s *scratch) release() {
	if cap(s.names)+8*cap(s.ends)+cap(s.data)+8*cap(s.sizes)+s.batch.Cap() <= maxScratch {
		scratches.Put(s)
	}
}

// name returns the key in the database for the names.
func (s *scratch) name(collection, key string) []byte {
	s.names = names.AppendCompound(s.names[:0], collection, key)
	return s.names
}

// add adds the key for the names to those of a bulk call.
func (s *scratch) add(collection, key string) {
	s.names = names.AppendCompound(s.names, collection, key)
	s.ends = append(s.ends, uint64(len(s.names)))
}

// added returns the key that was added as number i.
func (s *scratch) added(i int) []byte {
	start := uint64(0)
	if i > 0 {
		start = s.ends[i-1]
	}
	return s.names[start:s.ends[i]]
}

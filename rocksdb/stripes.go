package rocksdb

import (
	"hash/maphash"
	"math/bits"
	"sync"
)

// stripes are locks for keys, each for many of them. What writes without
// looking holds them shared, so that writers do not wait for each other. What
// looks first and writes then holds them alone, so that what it has seen is
// still there.
type stripes struct {
	seed  maphash.Seed
	locks [stripeCount]sync.RWMutex
}

const stripeCount = 1024

// of returns the lock for a key of the database.
func (s *stripes) of(name []byte) *sync.RWMutex { return &s.locks[s.number(name)] }

func (s *stripes) number(name []byte) int { return int(maphash.Bytes(s.seed, name) % stripeCount) }

// stripeSet is a set of stripes. They are locked in their order, so that two
// callers never wait for each other.
type stripeSet [stripeCount / 64]uint64

// set returns the stripes of the keys that were added to the scratch.
func (s *stripes) set(keys *scratch) *stripeSet {
	set := new(stripeSet)
	for i := range keys.ends {
		n := s.number(keys.added(i))
		set[n/64] |= 1 << (n % 64)
	}
	return set
}

// all is the set of all stripes.
func (s *stripes) all() *stripeSet {
	set := new(stripeSet)
	for i := range set {
		set[i] = ^uint64(0)
	}
	return set
}

func (set *stripeSet) each(visit func(n int)) {
	for i, word := range set {
		for ; word != 0; word &= word - 1 {
			visit(i*64 + bits.TrailingZeros64(word))
		}
	}
}

// lock locks a set and returns what unlocks it.
func (s *stripes) lock(set *stripeSet) (unlock func()) {
	set.each(func(n int) { s.locks[n].Lock() })
	return func() { set.each(func(n int) { s.locks[n].Unlock() }) }
}

// share is lock for those who only write.
func (s *stripes) share(set *stripeSet) (unlock func()) {
	set.each(func(n int) { s.locks[n].RLock() })
	return func() { set.each(func(n int) { s.locks[n].RUnlock() }) }
}

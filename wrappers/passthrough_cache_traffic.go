package wrappers

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// cacheStripes is into how many parts the keys of a [PassthroughCache] are
// divided. It bounds what is remembered when nothing is under way.
const cacheStripes = 1024

// cacheName is a key, with the collection that is meant.
type cacheName struct{ collection, key string }

// cacheStripe is what is known of one part of the keys.
//
// The order of events makes it safe. A write is in traffic before the primary
// is written, and until no copy is left in the cache, or none is trusted. A
// load is in traffic before the primary is read, and until its copy is in the
// cache. So a reader who finds no write in traffic may use a copy: a load that
// began before the last write ended has made none, or one that was removed.
// And nobody joins a load that began before the last write of the primary did
// end, although the write's caller may have gone on before its copy was removed.
type cacheStripe struct {
	// active counts the keys in traffic and the calls that destroy. Where it
	// is zero, which a reader sees without the lock, nothing is under way.
	active atomic.Int64

	// filled counts the copies made, for a reader to notice that one was made
	// since it found none.
	filled atomic.Uint64

	// doubt is nil unless a copy could not be removed.
	doubt atomic.Pointer[cacheDoubt]

	mutex      sync.Mutex
	destroying int
	traffic    map[cacheName]*cacheTraffic
}

// cacheTraffic is what is under way for one key. It is dropped when nothing
// is.
type cacheTraffic struct {
	pins    int    // the writes and flights that need it
	writers int    // the writes under way
	writes  uint64 // the writes that have begun
	fills   int    // the copies that are being put into the cache
	dirty   bool   // a write began since one of those was: it must be removed
	flight  *cacheFlight
}

// cacheDoubt says that the stripe has lost track of a copy. Until a time when
// all that were made before have ended, only those are trusted that the same
// PassthroughCache has made since.
type cacheDoubt struct {
	count uint64
	until time.Time
}

// stripe returns the stripe of a key, and its name.
func (c *PassthroughCache) stripe(collection, key string) (*cacheStripe, cacheName) {
	name := cacheName{core.CollectionName(collection), key}
	hash := maphash.String(c.seed, key) + 31*maphash.String(c.seed, name.collection)
	return &c.stripes[hash%cacheStripes], name
}

// readable reports whether the cache may be asked for the key.
func (s *cacheStripe) readable(name cacheName) bool {
	if s.active.Load() == 0 {
		return true
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	t := s.traffic[name]
	return s.destroying == 0 && (t == nil || t.settled())
}

// settled reports whether no write is under way, and none is to be cleaned up
// after. The mutex of the stripe is held.
func (t *cacheTraffic) settled() bool { return t.writers == 0 && !t.dirty }

// pin returns the traffic of the key, which stays until unpin. The mutex is held.
func (s *cacheStripe) pin(name cacheName) *cacheTraffic {
	t := s.traffic[name]
	if t == nil {
		t = new(cacheTraffic)
		if s.traffic == nil {
			s.traffic = make(map[cacheName]*cacheTraffic)
		}
		s.traffic[name] = t
		s.active.Add(1)
	}
	t.pins++
	return t
}

// unpin undoes one pin. The mutex is held.
func (s *cacheStripe) unpin(name cacheName) {
	t := s.traffic[name]
	if t.pins--; t.pins == 0 {
		delete(s.traffic, name)
		s.active.Add(-1)
	}
}

// touch says that a write begins, of which loads that have begun may know
// nothing.
func (t *cacheTraffic) touch() {
	t.writes++
	if t.fills > 0 {
		t.dirty = true
	}
}

// beginWrite says that the primary is about to be written.
func (s *cacheStripe) beginWrite(name cacheName) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	t := s.pin(name)
	t.writers++
	t.touch()
}

// written says that the primary was written: whoever reads from now on joins
// no flight from before.
func (s *cacheStripe) written(name cacheName) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.traffic[name].flight = nil
}

// endWrite says that no copy from before the write is left, or trusted.
func (s *cacheStripe) endWrite(name cacheName) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.traffic[name].writers--
	s.unpin(name)
}

// beginDestroy is beginWrite for every key.
func (s *cacheStripe) beginDestroy() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.active.Add(1)
	s.destroying++
	for _, t := range s.traffic {
		t.touch()
	}
}

// destroyed is written for every key.
func (s *cacheStripe) destroyed() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, t := range s.traffic {
		t.flight = nil
	}
}

// endDestroy is endWrite for every key.
func (s *cacheStripe) endDestroy() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.active.Add(-1)
	s.destroying--
}

// lose says that a copy may be in the cache, now or later, that ought not to be.
func (s *cacheStripe) lose(until time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.doubt.Store(&cacheDoubt{count: s.doubts() + 1, until: until})
}

// doubts returns how often the stripe has lost track.
func (s *cacheStripe) doubts() uint64 {
	if doubt := s.doubt.Load(); doubt != nil {
		return doubt.count
	}
	return 0
}

// trusts reports whether a copy may be used, as far as doubts go.
func (c *PassthroughCache) trusts(s *cacheStripe, copied *cachedCopy, now time.Time) bool {
	doubt := s.doubt.Load()
	return doubt == nil || !now.Before(doubt.until) ||
		copied.doubts == doubt.count && string(copied.writer) == c.writer
}

// doubtful is when all copies that were made until now have ended.
func (c *PassthroughCache) doubtful() time.Time {
	return time.Now().Add(max(c.maxTTL, c.missingTTL, c.negativeTTL)).Add(c.stale)
}

package wrappers

import (
	"context"
	"hash/maphash"
	"iter"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// rewrapGate keeps writers and Rewrap off each other's keys. Writers share a
// key with writers, and rewraps with rewraps, which all store the same; one
// kind waits for the other, as long as its context permits. A writer that waits
// keeps further rewraps out, so it waits for one batch at most.
//
// What is not in use takes no memory.
type rewrapGate struct {
	seed   maphash.Seed
	shards [16]gateShard
}

// gateShard has the rooms of some keys.
type gateShard struct {
	mu      sync.Mutex
	rooms   map[entryName]gateRoom
	changed chan struct{} // closed when a room empties; nil if nobody waits
}

// entryName is a key in its collection. The zero entryName is all keys of all
// collections, for writers that remove more than they know.
type entryName struct{ collection, key string }

// nameOf returns the name of the entry, with the default collection's.
func nameOf(collection, key string) entryName {
	return entryName{core.CollectionName(collection), key}
}

// gateRoom counts who uses a key: writers also while they wait.
type gateRoom struct{ writers, rewraps int }

func newRewrapGate() *rewrapGate {
	g := &rewrapGate{seed: maphash.MakeSeed()}
	for i := range g.shards {
		g.shards[i].rooms = make(map[entryName]gateRoom)
	}
	return g
}

func (g *rewrapGate) shard(name entryName) *gateShard {
	return &g.shards[maphash.Comparable(g.seed, name)%uint64(len(g.shards))]
}

// startWrite waits until no Rewrap is at work on the key. After an error,
// which is the context's, there is nothing to end.
func (g *rewrapGate) startWrite(ctx context.Context, name entryName) error {
	s := g.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(name, 1, 0)
	for s.rooms[name].rewraps > 0 {
		if err := s.wait(ctx); err != nil {
			s.change(name, -1, 0)
			return err
		}
	}
	return nil
}

func (g *rewrapGate) endWrite(name entryName) {
	s := g.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(name, -1, 0)
}

// startWrites is startWrite for all of the keys. Waiting for one while it holds
// others is safe: a Rewrap that waits holds no key.
func (g *rewrapGate) startWrites(ctx context.Context, collection string, keys iter.Seq[string]) error {
	started := 0
	for key := range keys {
		if err := g.startWrite(ctx, nameOf(collection, key)); err != nil {
			for key := range keys {
				if started == 0 {
					break
				}
				g.endWrite(nameOf(collection, key))
				started--
			}
			return err
		}
		started++
	}
	return nil
}

func (g *rewrapGate) endWrites(collection string, keys iter.Seq[string]) {
	for key := range keys {
		g.endWrite(nameOf(collection, key))
	}
}

// tryRewrap reports whether no writer is at work on the key. If so endRewrap
// must follow.
func (g *rewrapGate) tryRewrap(name entryName) bool {
	s := g.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rooms[name].writers > 0 {
		return false
	}
	s.change(name, 0, 1)
	return true
}

// startRewrap waits until no writer is at work on the key. After an error,
// which is the context's, there is nothing to end.
func (g *rewrapGate) startRewrap(ctx context.Context, name entryName) error {
	s := g.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.rooms[name].writers > 0 {
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
	s.change(name, 0, 1)
	return nil
}

func (g *rewrapGate) endRewrap(name entryName) {
	s := g.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(name, 0, -1)
}

// change adds to the counts of a room, and wakes who waits for it to empty.
func (s *gateShard) change(name entryName, writers, rewraps int) {
	room := s.rooms[name]
	room.writers += writers
	room.rewraps += rewraps
	if room == (gateRoom{}) {
		delete(s.rooms, name)
	} else {
		s.rooms[name] = room
	}
	if (writers < 0 || rewraps < 0) && s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// wait waits for a room to change, with the lock released meanwhile.
func (s *gateShard) wait(ctx context.Context) error {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	changed := s.changed
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package memory

import (
	"context"
	"hash/maphash"
	"runtime"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
)

// Store keeps entries in memory. [New] makes one; the zero Store is not valid.
type Store struct {
	seed    maphash.Seed
	shards  []shard // a power of two of them
	limits  *limits // those of the only shard, or nil
	closed  atomic.Bool
	sweeper sweeper
}

var _ core.Full = (*Store)(nil)

// New returns a store that is empty but for the seed. Options may be nil.
//
// The error is a [core.Error] that matches core.ErrInvalidOptions, or for a
// seed a join of one for each entry that is not legal.
func New(options *Options) (*Store, error) {
	var o Options
	if options != nil {
		o = *options
	}
	if err := o.check(); err != nil {
		return nil, refuse("new", "", "", err)
	}
	s := &Store{seed: maphash.MakeSeed()}
	s.sweeper.interval = o.SweepInterval
	if o.SweepInterval == 0 {
		s.sweeper.interval = DefaultSweepInterval
	}
	count := shardCount(runtime.GOMAXPROCS(0))
	if o.MaxEntries > 0 || o.MaxBytes > 0 {
		s.limits = newLimits(o.MaxEntries, o.MaxBytes)
		count = 1
	}
	s.shards = make([]shard, count)
	for i := range s.shards {
		s.shards[i].seed = s.seed
		s.shards[i].limits = s.limits
		s.shards[i].clear()
	}
	if err := s.plant(o.Seed); err != nil {
		return nil, err
	}
	return s, nil
}

// shardCount is how many shards an unbounded store has: a power of two, eight
// times the processors or more, so that two of them rarely want the same lock.
func shardCount(processors int) int {
	const fewest, most = 16, 256
	count := fewest
	for count < 8*processors && count < most {
		count *= 2
	}
	return count
}

// locate returns the shard that the names belong to, and the hash of the key.
func (s *Store) locate(collection, key string) (*shard, uint32) {
	h := maphash.String(s.seed, key)
	// A little of the collection is enough to spread over the shards what has
	// the same key in many collections.
	length := uint64(len(collection))
	mixed := (h ^ length<<32 ^ uint64(collection[length-1])<<40) * 0x9e3779b97f4a7c15
	return &s.shards[mixed>>32&uint64(len(s.shards)-1)], uint32(h)
}

// begin refuses a call whose context is done or whose store was closed.
func (s *Store) begin(ctx context.Context, op, collection, key string) error {
	return begin(ctx, s.closed.Load(), op, collection, key)
}

// Supports reports true: the store has every capability.
func (s *Store) Supports(wanted core.Capability) bool {
	return core.CanAll.Has(wanted)
}

// Ping returns nil unless the store was closed.
func (s *Store) Ping(ctx context.Context) error { return s.begin(ctx, "ping", "", "") }

// Setup has nothing to do but to check the names of the collections.
func (s *Store) Setup(ctx context.Context, collections ...string) error {
	if err := s.begin(ctx, "setup", "", ""); err != nil {
		return err
	}
	return checkCollections("setup", collections)
}

// Close gives back all memory and ends the sweep. Calls from then on are
// core.ErrClosed. It returns nil, however often it is called.
func (s *Store) Close() error {
	s.closed.Store(true)
	s.sweeper.close()
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		sh.clear()
		sh.collections = nil
		sh.mu.Unlock()
	}
	return nil
}

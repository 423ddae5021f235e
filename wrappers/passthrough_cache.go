package wrappers

import (
	"context"
	"crypto/rand"
	"hash/maphash"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// DefaultCacheTTL is the longest that a copy stays in a [PassthroughCache]
// whose options say nothing else.
const DefaultCacheTTL = 30 * time.Minute

// PassthroughCacheOptions configure [NewPassthroughCache]. Cache is required;
// what else is zero means what its comment says.
type PassthroughCacheOptions struct {
	// Cache holds the copies: usually a bounded [memory] store, or a server
	// that is nearer than the primary. It must keep JSON as text, as every
	// store does that is not one of documents, and have its names for itself:
	// put a prefix before it where others use the same store. Required.
	//
	// [memory]: https://pkg.go.dev/github.com/go-keyvalue/keyvalue/memory
	Cache core.Store

	// MaxTTL is the longest that a copy of an entry that expires is used
	// before the primary is asked again. It is never used beyond the expiry of
	// the entry. Zero means [DefaultCacheTTL].
	MaxTTL time.Duration

	// MissingTTL is how long a copy of an entry that never expires is used
	// before the primary is asked again. Zero means [DefaultCacheTTL].
	MissingTTL time.Duration

	// NegativeTTL is how long it is remembered that the primary has no entry.
	// Zero means that misses are not cached.
	NegativeTTL time.Duration

	// Jitter is the largest part, from 0 to 1, by which each of the above is
	// shortened at random, so that copies made together do not all end
	// together. Zero means none.
	Jitter float64

	// StaleWhileRevalidate is for how much longer a copy is still answered,
	// at once, while one refresh of it runs in the background. It is never
	// answered beyond the expiry of the entry, nor after a write through the
	// same PassthroughCache. Zero means that callers wait for the primary.
	StaleWhileRevalidate time.Duration
}

// PassthroughCache reads a store, the primary, through a faster one, the
// cache, which keeps copies of what was read. It is for a primary that is far
// away, slow or paid by the read.
//
// # Consistency
//
// No read is answered with a value older than the last write that was complete
// before the read began, whatever runs at the same time, as long as all writes
// go through one PassthroughCache and nothing else writes to its cache. While a
// key is being written it is read from the primary, and what was read before a
// write ended is not kept.
//
// Of what others write to the primary, in this process or another, a reader
// learns when the copy ends. A cache may be shared among processes with the
// same options, on the same terms; not with the Python library, whose cached
// values have another form.
//
// # Failures
//
// A cache that fails, fails no read and no write: reads go to the primary.
// Where a copy could not be removed after a write, the copies of the 1,024th
// part of all keys to which the key belongs, made until then, are not used any
// more by this PassthroughCache until the longest-lived of them has ended, and
// of those that come to the cache later only its own. So a stale copy is not
// answered even if the process that wrote it could not reach it. It is
// forgotten when the process ends: then stale copies live until their end.
//
// A write whose outcome is unknown, such as one that timed out, may still land
// later in the primary. What was read and copied between its error and that
// moment is answered until the copy ends, as after a write of another process.
//
// A cache that hangs holds up those that read through it until their contexts
// are done: give it a [Timeout].
//
// # Calls
//
// However many callers ask for a missing key at once, the primary is asked
// once. Where a caller's context is done, that caller alone fails; the load is
// given up when all have left. A bulk read is one of the cache, one of the
// primary for all that is missing, and one bulk write of the cache. If the
// primary fails as a whole, so does the bulk read, cached keys too.
//
// Writes, inserts, deletes, listings and what is destroyed are the primary's,
// and so is what [core.Supports] tells. Destroying a collection, or all,
// destroys it in the cache too; where the cache cannot, none of its copies is
// used any more. Setup prepares both stores. Close ends what runs in the
// background and closes both.
//
// What a PassthroughCache itself keeps in memory is 48 KiB, and a little for
// each key while that is being loaded or written.
type PassthroughCache struct {
	*life
	primary, cache core.Store

	maxTTL, missingTTL, negativeTTL, stale time.Duration
	jitter                                 float64

	writer  string // names this PassthroughCache in its copies
	seed    maphash.Seed
	stripes []cacheStripe
	tasks   *cacheTasks
}

var _ core.Full = (*PassthroughCache)(nil)

// NewPassthroughCache returns a store that reads the primary through
// options.Cache. It owns both: closing it closes them. An error matches
// [core.ErrInvalidOptions]: a store is missing, both are one, a duration is
// negative, or the jitter is not from 0 to 1.
func NewPassthroughCache(primary core.Store, options *PassthroughCacheOptions) (*PassthroughCache, error) {
	const name = "passthrough cache"
	var o PassthroughCacheOptions
	if options != nil {
		o = *options
	}
	switch {
	case primary == nil:
		return nil, refuseOptions(name, "the primary store is nil")
	case o.Cache == nil:
		return nil, refuseOptions(name, "Cache is nil")
	case sameStore(primary, o.Cache):
		return nil, refuseOptions(name, "Cache is the primary store")
	case min(o.MaxTTL, o.MissingTTL, o.NegativeTTL, o.StaleWhileRevalidate) < 0:
		return nil, refuseOptions(name, "a duration is negative")
	case !(o.Jitter >= 0 && o.Jitter <= 1): // false for NaN too
		return nil, refuseOptions(name, "Jitter is not from 0 to 1")
	}
	c := &PassthroughCache{
		life:        newLife(name, primary, o.Cache),
		primary:     withDefaultName(primary),
		cache:       withDefaultName(o.Cache),
		maxTTL:      o.MaxTTL,
		missingTTL:  o.MissingTTL,
		negativeTTL: o.NegativeTTL,
		stale:       o.StaleWhileRevalidate,
		jitter:      o.Jitter,
		writer:      rand.Text(),
		seed:        maphash.MakeSeed(),
		stripes:     make([]cacheStripe, cacheStripes),
		tasks:       newCacheTasks(),
	}
	if c.maxTTL == 0 {
		c.maxTTL = DefaultCacheTTL
	}
	if c.missingTTL == 0 {
		c.missingTTL = DefaultCacheTTL
	}
	return c, nil
}

// Supports reports whether the primary has every capability of the set.
func (c *PassthroughCache) Supports(wanted core.Capability) bool {
	return core.Supports(c.primary, wanted)
}

// Setup prepares the primary and the cache.
func (c *PassthroughCache) Setup(ctx context.Context, collections ...string) error {
	if err := c.check(ctx, "setup", "", ""); err != nil {
		return err
	}
	if err := core.Setup(ctx, c.primary, collections...); err != nil {
		return err
	}
	return core.Setup(ctx, c.cache, collections...)
}

// Ping is the primary's.
func (c *PassthroughCache) Ping(ctx context.Context) error {
	if err := c.check(ctx, "ping", "", ""); err != nil {
		return err
	}
	return core.Ping(ctx, c.primary)
}

// Close ends what runs in the background, closes the primary and the cache,
// and joins their errors. It waits at most 5 seconds for a store that ignores
// that its context is done.
func (c *PassthroughCache) Close() error {
	c.tasks.end()
	return c.life.Close()
}

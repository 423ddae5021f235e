// Package memory keeps entries in the memory of the process.
//
// [New] returns a [Store] with every capability of package core: fast, safe
// for concurrent use, and bounded where the options say so. It suits tests,
// caches, and programs that need no database yet:
//
//	store, err := memory.New(nil)
//	defer store.Close()
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// [NewSimple] returns the shortest correct store, a map and a mutex: an example
// to read. [NewNull] returns a store that forgets everything it is told.
// [Open], [OpenSimple] and [OpenNull] are for [core.Mux].
//
// # Guarantees beyond the rules
//
// Every call takes effect at one instant, as if no other ran meanwhile; a bulk
// call does so for each of its keys, and is not atomic as a whole. Without
// [Options].MaxBytes a write cannot fail for another reason than its arguments,
// its context or Close.
//
// Values come back byte for byte. Times have a resolution of one nanosecond
// and are the wall clock's: ExpiresAt is exactly CreatedAt plus the time to
// live, up to the largest [time.Duration]. Of racing deletes one is told true.
//
// A listing has each key exactly once that is there from its beginning to its
// end, whatever else is put and deleted meanwhile, in its body too. It holds
// at most 1,000 names at a time.
//
// # Memory
//
// Beside the bytes of key and value an entry takes about 60 bytes, about 100
// in a bounded store, and what Go's allocator rounds up, an eighth at most. A
// collection that holds nothing takes none: what was deleted, swept or
// destroyed is given back, and so is everything on [Store.Close].
//
// Names are copied too. A key that is a piece of a large string does not keep
// that string alive, and one whose bytes a framework uses again after the
// request does no harm.
//
// # Expiry
//
// An entry is invisible from its ExpiresAt on, to the nanosecond. Its memory
// is given back by a sweep, which runs once in [Options].SweepInterval while
// there are entries that will expire. It holds a lock for some microseconds
// at a time and takes a goroutine only while it works. [Store.Cull] sweeps at
// once. A Store that is dropped without Close is collected all the same.
//
// # Eviction
//
// With [Options].MaxEntries or MaxBytes a write that exceeds the bound removes
// entries until it is kept: first those that have expired, then the least
// recently used, over all collections. Get, GetAppend, GetMany, Put, PutMany
// and a successful Insert are uses; listing is not. The order is exact. To
// overwrite an entry at the bound of MaxEntries removes no other.
//
// This is the exemption that rule 4 of package core speaks of: in a bounded
// store a live entry may be gone before its time.
//
// # Concurrency
//
// An unbounded store is cut into shards, some for each processor, which have a
// lock each, and values are copied outside of it. A bounded store has a single
// lock, since an exact order of use is a single thing.
package memory

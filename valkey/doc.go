// Package valkey keeps entries in Valkey, or in a server that speaks its
// protocol: one server, one behind sentinels, or a cluster. What lies there is
// the same as with module redis, and Python programs that use py-key-value-aio
// can share it.
//
// [Open] makes a store for a URL, and [New] one over a client of valkey-go:
//
//	store, err := valkey.Open(ctx, "valkey://localhost:6379/0")
//	defer core.Close(store)
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// Calls that are made at the same time share round trips, through the driver's
// one connection for all of them.
//
// # Layout
//
// An entry is one string, called `collection::key`, which holds the managed
// entry of package core/managed. SET tells the server to remove it when it has
// expired, in milliseconds, rounded up; the time in the entry decides on every
// read. A collection that contains `::`, ends in `:` or starts with `~kv1~` is
// escaped as package core/names says.
//
// # Capabilities
//
// Keys, Collections, DestroyCollection and Destroy walk over all names of the
// database with SCAN, on every master: they take time in proportion to all that
// is there, but never block the server. What SCAN finds while a cluster moves
// slots from one node to another is best effort. Listings remember every name
// that they have given on. Other programs' strings that are called something
// like x::y are listed too, unless [Options].VerifyListing is set.
//
// DestroyCollection and Destroy read what they find, remove the entries whose
// own names lead to where they lie, each only if it is still what was read, and
// leave everything else: they are safe in a database that is shared. What
// DestroyCollection cannot decode it leaves, and returns an error that matches
// core.ErrCorrupt for each.
//
// Insert is SET NX. There is no Cull: the server removes what has expired.
//
// # Errors
//
// What lies under a key and is not a string, or not an entry, is
// core.ErrCorrupt. The driver repeats commands that only read, and no others:
// after a lost reply a write is an error, Insert looks whether its entry is
// there, and Delete never answers false.
//
// # Deadlines
//
// Every call ends with its context, at once. What the driver had of it goes on
// in the background until the driver gives it up.
//
// # Client-side caching
//
// With [Options].ClientCacheTTL reads are kept in this process, until the server
// says that they were changed. They may then be stale, also after a write of
// one's own.
package valkey

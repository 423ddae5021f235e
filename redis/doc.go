// Package redis keeps entries in Redis, or in a server that speaks its
// protocol: version 6.2 or later, one server, one behind sentinels, a cluster,
// or a ring of servers. Python programs that use py-key-value-aio can share
// them.
//
// [New] makes a store over a client of go-redis, [Open] one for a URL:
//
//	store, err := redis.Open(ctx, "redis://localhost:6379/0")
//	defer core.Close(store)
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// # Layout
//
// An entry is one string, called `collection::key`, which holds the managed
// entry of package core/managed. SET tells the server to remove it when it has
// expired, in milliseconds, rounded up; the time in the entry decides on every
// read. A collection that contains `::`, ends in `:` or starts with `~kv1~` is
// escaped as package core/names says.
//
// Nothing needs to be set up, and nothing is kept beside the entries.
//
// # Capabilities
//
// Keys, Collections, DestroyCollection and Destroy walk over all names of the
// database with SCAN, on every master: they take time in proportion to all that
// is there, but never block the server. What SCAN finds while a cluster moves
// slots from one node to another is best effort: a key that moves meanwhile may
// be missed. Listings remember every name that they have given on.
//
// Listings go by names, and by when the server is going to remove what they
// find: only what it removes within a minute is read, since that may have
// expired already. Other programs' strings that are called something like x::y
// are listed too, unless [Options].VerifyListing is set.
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
// core.ErrCorrupt. All other errors are the driver's, to be told apart with its
// functions such as IsAuthError and HasErrorPrefix.
//
// # Lost replies
//
// The driver repeats a command when the connection breaks, which is harmless
// for reads and for Put. It is told not to repeat those of Insert, Delete and
// DeleteMany, since the second answer would deny what the first has done. When
// the reply of an Insert is lost, the store looks whether its entry is there;
// Delete answers with the error of the connection.
//
// # Deadlines
//
// Every call ends with its context. A client of one server whose option
// ContextTimeoutEnabled is set sees to the deadline itself, but notices that a
// context was cancelled only when it would have given up anyway: after its read
// timeout, five seconds unless it was changed, or at the deadline. Open sets the
// option. Calls of other clients run in a goroutine for each, which is left
// behind when the context is done and ends when the driver gives up.
//
// # Replicas
//
// A client that sends reads to replicas may read what was there before one's own
// write. Insert, Delete, DestroyCollection and Destroy ask masters alone.
package redis

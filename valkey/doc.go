// Package valkey keeps entries in Valkey, on one server, behind sentinels, or in
// a cluster, by way of the driver valkey-go. Redis 6.2 and later will do too.
//
// [Open] connects by URL and owns its client. [New] takes a client of valkey-go,
// which stays the caller's:
//
//	client, err := valkey.NewClient(valkey.ClientOption{InitAddress: []string{"localhost:6379"}})
//	store, err := kvvalkey.New(client, nil)
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// A [Store] offers every capability of package core but Cull: the server removes
// what has expired.
//
// # Layout
//
// An entry is one string: named collection::key, as package names has it, it
// holds the managed entry that package managed describes, and expires on the
// server in milliseconds, rounded up. Stores of the module redis and of the
// Python library py-key-value-aio, there RedisStore and ValkeyStore, can share
// the database. The time in the entry decides on every read, the server's only
// about the memory.
//
// A server that is set to evict entries when its memory is full may remove one
// before its time. That is the exemption that rule 4 of package core speaks of.
//
// # Listing and destroying
//
// Listings scan the names of the whole database, on all masters of a cluster.
// Each key that is there all the time comes once; meanwhile its name is kept in
// memory. While slots of a cluster move to other nodes, keys of theirs may be
// missing.
//
// Destroying reads what lies under the names and removes what this library has
// written, Python's included, each entry only if nobody has changed it since. All
// else stays: DestroyCollection joins an error that matches core.ErrCorrupt for
// each thing under a name of the collection that is no entry.
//
// # Calls and connections
//
// Commands of calls that are made at the same time are sent together, on one
// server as well as behind sentinels. In a cluster, where some may be for a node
// that does not answer, each call sends its own.
//
// Every call ends with its context, whatever the driver is doing then. What the
// driver has begun goes on until it gives that up, and a write may still take
// place. Without a deadline a call ends with the driver's patience, some times
// ClientOption.ConnWriteTimeout, which is 10 seconds by default. A client that
// was not made by Open repeats a read until the context ends, unless its options
// say otherwise.
//
// Only what reads is repeated. When the reply to a write is lost, Put and Delete
// are errors, and Insert looks whether its entry is there. With
// ClientOption.ConnLifetime, however, the driver may repeat a write whose
// connection came to its end before the answer: Delete then can answer false for
// an entry that it has removed.
//
// All commands share connections, with ClientOption.DisableAutoPipelining too.
// Nothing is written to a server's script cache, and nothing is subscribed to.
//
// [Options].ClientCacheTTL keeps what was read in the memory of the process. It
// is exempt from rule 5 of package core: see there.
package valkey

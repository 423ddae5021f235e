// Package memcached keeps entries in Memcached, on one server or several.
//
//	store, err := memcached.Open(ctx, "memcached://one.example:11211,two.example:11211")
//	defer core.Close(store)
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// [Open] makes a client of github.com/bradfitz/gomemcache of its own, and [New]
// takes one. The store can insert and ping. It can list nothing, since
// Memcached cannot, and destroys nothing: flush_all would take the items of
// other programs too.
//
// # Layout
//
// An entry is one item, called `collection::key`, whose value is the managed
// entry of package managed with no flags: what MemcachedStore of the Python
// library py-key-value-aio reads and writes. Memcached takes names of up to 250
// bytes without spaces and control characters. Every other one is escaped
// behind the mark `~kv1e~`, or if that is too long is `~kv1h~` and the SHA-256
// of the name, and the original is in the entry. Python refuses such names,
// unless it is told to hash long ones: see [Options].V1Keys.
//
// Bulk calls go to each server once. Which server has which item is what
// memcache.ServerList says.
//
// # Expiry
//
// The time in the entry decides whether it is there, to the microsecond. The
// server is told to forget it some seconds later, or a minute for more than 30
// days, as clocks differ. What expires after 2038-01-19, the last date that
// Memcached knows, it is told to keep.
//
// # Conditional writes
//
// Insert adds an item, and replaces an expired one by compare-and-swap. Delete
// reads, and then deletes what was live, whoever has put it: of racing deletes
// the server tells one that there was something. What was read as expired or
// corrupt is replaced, by compare-and-swap, by an item that expires at once, so
// that an entry which was put meanwhile stays. The driver has no meta commands,
// which could delete on condition, and none are needed.
//
// A server that was started without check-and-set (-C) cannot do that. Inserting
// over an expired entry, and deleting a corrupt one, is an error there.
//
// # Contexts
//
// The driver knows no contexts. A store made by [Open] has the driver work on
// connections that end with the context of the call, at once. Over a client
// given to [New] a call with a context that can end works in a goroutine, which
// the client's timeouts end if the caller does not wait for it.
package memcached

// Package elasticsearch keeps entries in Elasticsearch 8, one index for each
// collection. Python programs that use py-key-value-aio can share them.
//
// [New] makes a store over a client of go-elasticsearch, [Open] one for a URL:
//
//	store, err := elasticsearch.Open(ctx, "elasticsearch://localhost:9200/myapp")
//	defer core.Close(store)
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// # Layout
//
// A collection is the index `prefix-collection`, an entry the document whose id
// is the key: a managed entry of package core/managed, whose value is the
// member `flattened` of an object. The index keeps the value and does not index
// it, so that a document comes back as it was sent. The metadata of the mapping
// names the prefix and the collection. A name that Elasticsearch would not take,
// or would not tell from another, is encoded as package core/names says.
//
// An object with two members of one name, or with a number of 1,000 digits or
// more, is refused by Elasticsearch: such a value is kept as text, in the member
// `text`. Python does not read it.
//
// The first write makes an index template for `prefix-*`, and the index. With
// the template an index has the right mapping also if it is made by a write that
// meets with DestroyCollection. See [Options].NoCreate and SingleIndex.
//
// # Reads and writes
//
// Reads by id see every write that was acknowledged: no write waits for a
// refresh. Listings, DestroyCollection and Cull refresh first. See
// [Options].Refresh.
//
// Elasticsearch expires nothing by itself. An expired entry is hidden, and Cull
// removes it: call that now and then.
//
// Keys come in the order of their bytes, page by page, each behind the last key
// of the one before. A key that is replaced meanwhile comes once; nothing is
// held on the server. Delete, Cull and Insert over an expired entry write only
// if the document is still the one that was read, by its sequence number.
//
// Ids are in the body of requests, never in their path. Neither scripts nor
// delete-by-query nor the root of the server are needed.
//
// # Errors
//
// What is no entry is core.ErrCorrupt. An answer that is no success is a
// [ServerError]; a missing index is a miss. What the server says about a
// document is not repeated, since it may quote the value. A server that says
// that it is too busy is asked again, eight times within seven seconds.
//
// The driver repeats a request when the connection breaks, or a proxy has no
// answer: three times, unless the client is configured otherwise. When an Insert
// is told that there is an entry, or nothing at all, it looks whether that is
// its own. A Delete that may have been sent twice and finds nothing is an error,
// not false.
//
// # Deadlines
//
// Every call ends with its context, whether that has a deadline or is cancelled.
package elasticsearch

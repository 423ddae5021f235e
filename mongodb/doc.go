// Package mongodb keeps entries in MongoDB, or in a server that speaks its
// protocol: MongoDB 5.0 or later, one server, a replica set or a sharded
// cluster. Python programs that use py-key-value-aio can share them.
//
// [New] makes a store over a client of the official driver, [Open] one for a
// URL:
//
//	store, err := mongodb.Open(ctx, "mongodb://localhost:27017/my-database")
//	defer core.Close(store)
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// # Layout
//
// A collection is a MongoDB collection, and an entry one document in it:
//
//	{
//	  _id: BinData(0, SHA-256 of the key),
//	  key: "…", version: 1, collection: "…",
//	  created_at: Date, expires_at: Date,
//	  value: {object: {…}}
//	}
//
// expires_at is absent where there is no expiry. The `_id` makes the key
// unique. Documents that the Python library has made have an `_id` of another
// kind, and are found, replaced and deleted by their key as well.
//
// A collection whose name MongoDB does not take is encoded as package
// core/names says: one that contains `$` or NUL, begins or ends with a point,
// contains two in a row, or is a system collection's; beyond 200 bytes, or
// beyond what the name of the database leaves of 235, it is a hash.
//
// # Values
//
// A value is stored as a document, in which other programs can search. An
// integer is an int32 where it fits and else an int64, as with Python; a number
// with a point or an exponent is a double, and comes back with one: 1 and 1.0
// stay apart. The order of members stays. No name and no text is an
// instruction: `{"$date": 1}` is a document with a field $date.
//
// Refused, with an error that matches core.ErrInvalidValue, are integers beyond
// 64 bits, numbers beyond a double, members of one name, NUL in the name of a
// member, halves of surrogate pairs, and nesting over [MaxDepth]. A double that
// is near enough is no change: a number of 30 digits with a point comes back as
// the nearest, as it does in Python.
//
// What other programs have stored is read as JSON where there is one: a date is
// its text in ISO 8601, binary data of the generic subtype are base64. Anything
// else that JSON does not know, such as an ObjectID, a Decimal128 or NaN, is
// core.ErrCorrupt.
//
// # Setup
//
// The first write to a collection makes the MongoDB collection with two
// indexes, one on the key and one by which the server removes what has expired
// a minute before. A collection that is there already is left as it is, since
// an index could remove another program's documents: without an index on its
// key every call reads all of it.
//
// # Capabilities
//
// The store has all. Keys reads names in their order, 1,000 at a time, and
// nothing is open on the server between two pages. Collections asks every
// MongoDB collection of the database for one live entry. DestroyCollection,
// Destroy and Cull remove documents that name the collection they lie in and
// have the shape of an entry, and no others; a MongoDB collection that the
// store has made, with nothing else in it, is dropped.
//
// Insert is atomic among programs that use this store. The Python library does
// not know about the `_id`, and of a Python program and an Insert at the same
// time both may succeed.
//
// # Lost replies
//
// On replica sets the driver repeats a read or a write of one document once,
// unless it was told otherwise, and the server sees to it that the write
// happens once. Elsewhere a write whose reply is lost is an error. Insert then
// looks whether its own document is there. Deletes are never repeated.
//
// # Errors
//
// What the server refuses is an error with its code and the name of that, from
// which errors.As takes the driver's mongo.CommandError, mongo.WriteException
// or mongo.WriteError. Their texts may repeat values, and so are left out.
package mongodb

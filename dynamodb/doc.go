// Package dynamodb keeps entries in a table of Amazon DynamoDB, or of a server
// that speaks its protocol. Python programs that use py-key-value-aio can share
// them.
//
// [New] makes a store over a client of aws-sdk-go-v2, [Open] one for a URL:
//
//	store, err := dynamodb.Open(ctx, "dynamodb://sessions?region=eu-west-1")
//	defer core.Close(store)
//	err = store.Put(ctx, "users", id, value, 30*time.Minute)
//
// # Layout
//
// An entry is one item. Its partition key is the collection, its sort key the
// key, its attribute `value` the managed entry of package core/managed as a
// string, and its attribute `ttl` the second at which DynamoDB may remove it,
// rounded up. Collections of more than 2,048 bytes and keys of more than 1,024
// are replaced by a hash behind a marker, as package core/names has it; the
// names themselves are in the entry.
//
// The first write makes the table where there is none, and has DynamoDB remove
// what has expired, unless [Options].NoCreate is set.
//
// # Expiry
//
// The time in the entry decides on every read, to the microsecond: DynamoDB
// itself takes up to some days to remove what has expired. Where the attribute
// differs from that time by a second or more, somebody has changed it on
// purpose, and it counts.
//
// # Capabilities
//
// Keys is a Query, page by page. Collections, Destroy and Cull are a Scan, which
// reads the whole table and is billed for it. DestroyCollection, Destroy and
// Cull remove each item only if it is still what was read and is an entry of
// this library, Python's included: they are safe in a table that is shared.
// What DestroyCollection cannot decode it leaves, and returns an error that
// matches core.ErrCorrupt for each.
//
// Insert is a conditional write, also over an entry that has expired.
//
// # Errors
//
// What lies under a key and is not an entry is core.ErrCorrupt. All other errors
// are the SDK's, to be told apart with errors.As: types of package
// service/dynamodb/types, and smithy.APIError. Requests that are throttled or
// that fail are repeated as the client's Retryer says, and what DynamoDB leaves
// unprocessed of a batch for some five seconds without any progress; then the
// error is types.ProvisionedThroughputExceededException.
//
// # Lost replies
//
// The SDK repeats a request when the connection breaks, which is harmless for
// reads and for Put. It is told not to repeat those of Insert, Delete and
// DeleteMany unless they were refused, since the second answer would deny what
// the first has done. When the reply of an Insert is lost, the store looks
// whether its entry is there; Delete answers with the error of the connection.
//
// # Deadlines
//
// Every call ends with its context, by deadline or cancellation, at once.
package dynamodb

// Package driver is for authors of backends: they implement a small interface
// over their database, and [NewStore] makes a [core.Store] of it that obeys
// the rules of package core.
//
// A [Backend] reads, writes and deletes one [Record] at a time. It receives
// legal names and values, complete entries and the present time; it needs no
// clock, no validation and no locks beyond those of its database. Whatever the
// database does better, or can do beyond that, is an optional interface:
//
//   - [BatchGetter], [BatchPutter], [BatchDeleter]: several records in one
//     round trip. Without them the Store calls the single methods, a bounded
//     number at once.
//   - [Appender]: read into a buffer of the caller.
//   - [Inserter] and [InsertConfirmer]: write only where there is nothing.
//   - [KeyLister], [CollectionLister]: list names, page by page.
//   - [CollectionDestroyer], [Destroyer], [Culler]: remove many records.
//   - [Setupper], [CollectionSetupper]: make tables, indexes, directories.
//   - [Pinger], [io.Closer].
//
// The Store checks arguments before anything is written, stamps entries,
// hides expired ones, removes duplicates from batches, shares the setup
// between callers, joins partial errors, names the operation, collection and
// key in every error, and refuses calls after Close.
//
// # Errors
//
// A Backend returns plain errors; the Store wraps them in a [core.Error]. It
// returns core.ErrNotFound for a record that is not there, an error matching
// core.ErrCorrupt for one that cannot be decoded, [ErrNotSetUp] where its
// table is gone, and a [KeyErrors] where only some records of a batch failed.
// It never returns core.ErrNotFound because a server could not be reached.
//
// Neither a value nor a password belongs into the text of an error. Parts of a
// URL may be one: [UnknownParameter] is what to say of its parameters.
//
// # Testing
//
// Hold the result to the rules with package storetest, on a real server.
package driver

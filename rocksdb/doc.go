// Package rocksdb keeps entries in RocksDB, an embedded database: in a
// directory, on the disk of the process that has it open.
//
//	store, err := rocksdb.New("/var/lib/app/data", nil)
//	defer store.Close()
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// [New] opens the database in a directory, [Open] that of a URL. One store at a
// time has a database open; any number may read it as it was when they were
// opened, see [Options].ReadOnly.
//
// # Library
//
// RocksDB is not a part of this module. It is loaded while the program runs, by
// the first store that is opened: version 7.8 or later, whichever the system
// has. Building needs a C compiler, as cgo does, and no header. Where there is no
// library, New returns [ErrNoLibrary] and says what to install; in programs that
// were built without cgo, and on Windows, an error that matches
// errors.ErrUnsupported.
//
// # Layout
//
// An entry lies under the key `collection::key`, in the default column family
// and in the order of bytes. Its value is eight bytes that say when it expires,
// in microseconds since 1970, the highest byte first, or zeros for never, and
// behind those the managed entry of package core/managed. A collection that
// contains `::`, ends in `:` or starts with `~kv1~` is escaped as package
// core/names says. One more key, `~kv1~layout`, says that the database has this
// layout: New refuses others, and leaves them as they are.
//
// The Python library's files have another order and tags before keys and values.
// They are not shared.
//
// # Capabilities
//
// All of them. Keys and Collections read the names and times of entries, but do
// not look into them; Keys gives keys in the order of bytes. Collections finds one
// live entry of each and goes on behind the collection. DestroyCollection and
// Destroy take one write, however much there is; Destroy removes everything in the
// database, which is this store's alone.
//
// Put, PutMany, Delete, DeleteMany, Insert, DestroyCollection and Destroy happen
// as a whole or not at all, also if the process is killed meanwhile. Cull does so
// for a thousand entries at a time.
//
// # Durability
//
// Every write is in the log of the database before it returns. What was written
// outlives the end of the process, however that comes. That the machine fails it
// outlives with [Options].Sync, or after [Store.Flush] or Close.
//
// # Expiry
//
// The time in the entry decides on every read. What has expired takes up space
// until it is written over, deleted, culled, or removed by compaction, which
// RocksDB does in the background. Compaction keeps it for an hour: a clock that was
// wrong for less than that costs no entry.
//
// # Contexts
//
// The context is looked at before a call, and in long ones between pages. A call
// of RocksDB is not interrupted; it may have to wait for the disk, and a write also
// for compaction that lags behind.
//
// # Errors
//
// What lies under a key and is not an entry is core.ErrCorrupt. All other errors
// are those of RocksDB, which begin with their kind, such as "IO error" or
// "Corruption": the latter means that the bytes on the disk have changed. Full
// disks match syscall.ENOSPC. After a write has failed, RocksDB may refuse further
// ones until the store is opened again. Reading goes on.
package rocksdb

// Package winregistry keeps entries in the Windows Registry: small things that a
// desktop program or a service remembers between runs, without a file or a
// server. Python programs that use py-key-value-aio can share them.
//
// [New] makes a store in the registry key that its options name, [Open] one for
// a URL:
//
//	store, err := winregistry.Open(ctx, "winregistry://HKCU/Software/Company/Program")
//	defer core.Close(store)
//	err = store.Put(ctx, "windows", "main", value, core.NoTTL)
//
// The package builds on every system. On others than Windows, New and Open
// answer an error that matches errors.ErrUnsupported.
//
// # Layout
//
// A collection is a registry key below the path, and an entry is a value in it,
// of type REG_SZ, called like the key of the entry. Its data is the managed entry
// of package core/managed. [Store.Locate] says where an entry lies.
//
// Windows takes names for the same that differ in case only, by a table for all
// of Unicode. So names stay as they are only if they are of printable ASCII
// without upper-case letters, and no longer than Windows allows; a backslash may
// be in a key, and not in a collection. Others are encoded by a scheme of
// package core/names: escaped behind `~kv1~`, or hashed behind `~kv1h~`.
//
// # Writers
//
// The registry sets a value at once, but has no way to set one only if there is
// none, or to remove it only if it is still the same. So Put, Insert, Delete and
// everything else that writes take turns in all processes, by a mutex of Windows
// that belongs to the key. Get and the like do not wait for it. Listings do while
// they copy names. When a process ends in its turn, the next one has it.
//
// Programs that do not use this package know nothing of the mutex: beside
// Python's writers Insert, Delete's answer and Cull are best effort.
//
// The mutex is in the namespace of all sessions. Users who may not write to the
// key cannot wait for it either, except for keys that are shared by all users,
// such as those of [LocalMachine]: there any user who has logged on can, and so
// can hold up all others. A call with a deadline ends in time.
//
// # Links
//
// A symbolic link in the place of a collection's key is not followed: it is an
// error that matches core.ErrCorrupt. The path itself may lead over links.
//
// # Errors
//
// What lies under the name of an entry and is no string, or not an entry, is
// core.ErrCorrupt. All other errors are those of Windows: they match fs.ErrPermission
// where access is denied, and are of type syscall.Errno.
package winregistry

// Package disk keeps entries in a directory, one file for each: the store of a
// program that has no server. Several processes may share the directory, those
// of Python that use the FileTreeStore of py-key-value-aio among them.
//
//	store, err := disk.New("/var/lib/program/data", nil)
//	defer store.Close()
//	err = store.Put(ctx, "sessions", id, value, 30*time.Minute)
//
// # Layout
//
//	data/
//	├── sessions/             a collection
//	│   ├── 7f3a.json         an entry: the managed entry of package core/managed
//	│   └── ~kv1~%2e%2e.json  the entry under the key ".."
//	├── ~kv1~%55sers/         the collection "Users"
//	├── .lock/00 … 63         what writers lock
//	└── .tmp/                 files that are being written
//
// Names of lower-case letters, digits, spaces and most punctuation stay as they
// are. All others are escaped or hashed by the scheme of [core/names.FileNames],
// so that names which differ in case, in Unicode form or by a trailing dot are
// different files on every file system, and none is a device of Windows or
// leaves the directory. The entry has the original names: listings are exact.
//
// # Writing
//
// Every write is atomic: a file is written under .tmp and renamed, so that a
// reader, or a crash, finds the old entry or the new one, whole. With
// [Options].Sync a write waits until file and directory are on the disk.
//
// Writers lock the key, in this process and, by the files in .lock, in others.
// Readers lock nothing. So an insert has one winner among all processes, and
// Cull never removes what was written meanwhile. On systems without file locks,
// and on network file systems whose locks do not work, that holds within one
// process.
//
// # Confinement
//
// Files are opened through [os.Root]: symbolic links that lead out of the
// directory are errors, whatever a name is and whoever has put them there.
// What is not a regular file is not read.
//
// # Driver
//
// Names, permissions and the place of temporary files are as
// github.com/peterbourgon/diskv/v3 has them, and [Store.Client] returns a diskv
// over the same tree for programs that have one. The store itself does not go
// through it: diskv opens files by path, holds one lock while it waits for the
// disk, does not sync directories, and cannot create a file exclusively.
package disk

package rocksdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

func ExampleNew() {
	ctx := context.Background()
	store, err := rocksdb.New("/var/lib/app/data", nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()

	if err := store.Put(ctx, "sessions", "s1", json.RawMessage(`{"user":"ada"}`), 30*time.Minute); err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "sessions", "s1")
	if err != nil { // core.ErrNotFound on a miss
		panic(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining, expires)
}

// A program can do without RocksDB where it is not installed.
func ExampleNew_notInstalled() {
	store, err := rocksdb.New("/var/lib/app/data", &rocksdb.Options{Sync: true, Compression: rocksdb.Zstd})
	switch {
	case errors.Is(err, rocksdb.ErrNoLibrary), errors.Is(err, errors.ErrUnsupported):
		fmt.Println(err) // says what to install
		return
	case errors.Is(err, rocksdb.ErrLocked):
		fmt.Println("the program runs already")
		return
	case err != nil:
		panic(err)
	}
	defer store.Close()
	fmt.Println(rocksdb.Library())
}

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"rocksdb": rocksdb.Open}
	store, err := stores.Open(ctx, "rocksdb:///var/lib/app/data?sync=true")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	// All of these, or none of them.
	items := []core.Item{
		{Key: "ada", Value: json.RawMessage(`{"name":"Ada"}`)},
		{Key: "bob", Value: json.RawMessage(`{"name":"Bob"}`), TTL: time.Hour},
	}
	if err := store.PutMany(ctx, "users", items); err != nil {
		panic(err)
	}
	for key, err := range core.Keys(ctx, store, "users") { // in byte order
		if err != nil {
			panic(err)
		}
		fmt.Println(key)
	}
}

func ExampleStore_Checkpoint() {
	ctx := context.Background()
	store, err := rocksdb.New("/var/lib/app/data", nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()

	backup := "/var/backups/app/" + time.Now().Format(time.DateOnly)
	if err := store.Checkpoint(ctx, backup); err != nil {
		panic(err)
	}
	copied, err := rocksdb.New(backup, &rocksdb.Options{ReadOnly: true})
	if err != nil {
		panic(err)
	}
	defer copied.Close()
}

func ExampleStore_Compact() {
	ctx := context.Background()
	store, err := rocksdb.New("/var/lib/app/data", nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()

	count, err := store.Cull(ctx) // what has expired
	if err != nil {
		panic(err)
	}
	if err := store.Compact(ctx); err != nil { // gives its space back
		panic(err)
	}
	fmt.Println(count)
}

func ExampleStore_DB() {
	store, err := rocksdb.New("/var/lib/app/data", nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()

	keys, err := store.DB().Property("rocksdb.estimate-num-keys")
	if err != nil {
		panic(err)
	}
	fmt.Println(keys)
}

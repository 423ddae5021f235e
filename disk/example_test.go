package disk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/disk"
)

// temporary returns a directory for an example, and what removes it.
func temporary() (directory string, remove func()) {
	directory, err := os.MkdirTemp("", "disk-example")
	if err != nil {
		panic(err)
	}
	return directory, func() { _ = os.RemoveAll(directory) }
}

func ExampleNew() {
	directory, remove := temporary()
	defer remove()
	ctx := context.Background()

	store, err := disk.New(directory, &disk.Options{Sync: true})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	err = store.Put(ctx, "sessions", "7f3a", json.RawMessage(`{"user":"ada"}`), 30*time.Minute)
	if err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "sessions", "7f3a")
	fmt.Println(string(entry.Value), err)
	// Output: {"user":"ada"} <nil>
}

func ExampleOpen() {
	directory, remove := temporary()
	defer remove()
	ctx := context.Background()

	stores := core.Mux{"disk": disk.Open}
	store, err := stores.Open(ctx, "disk:///"+strings.TrimPrefix(filepath.ToSlash(directory), "/")+"?max_size=67108864")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)
	fmt.Println(core.Insert(ctx, store, "locks", "nightly job", json.RawMessage(`{}`), time.Hour))
	fmt.Println(core.Insert(ctx, store, "locks", "nightly job", json.RawMessage(`{}`), time.Hour))
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleNewMulti() {
	directory, remove := temporary()
	defer remove()
	ctx := context.Background()

	store, err := disk.NewMulti(filepath.Join(directory, "data"), &disk.MultiOptions{
		Options:     disk.Options{MaxSize: 1 << 30}, // for each collection
		Directories: map[string]string{"archive": filepath.Join(directory, "large-disk")},
	})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	for _, collection := range []string{"archive", "sessions"} {
		if err := store.Put(ctx, collection, "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			panic(err)
		}
	}
	for _, name := range []string{"data/sessions", "large-disk"} {
		_, err := os.Stat(filepath.Join(directory, filepath.FromSlash(name)))
		fmt.Println(name, err)
	}
	// Output:
	// data/sessions <nil>
	// large-disk <nil>
}

// Hostile names are names like any other, and stay in the directory.
func ExampleStore_names() {
	directory, remove := temporary()
	defer remove()
	ctx := context.Background()

	store, err := disk.New(directory, nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()
	for _, key := range []string{"plain", "../../etc/passwd", "CON"} {
		if err := store.Put(ctx, "uploads", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
			panic(err)
		}
	}
	files, err := fs.Glob(os.DirFS(directory), "uploads/*")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		fmt.Println(file)
	}
	// Output:
	// uploads/plain.json
	// uploads/~kv1~%2e%2e%2f%2e%2e%2fetc%2fpasswd.json
	// uploads/~kv1~%43%4f%4e.json
}

func ExampleOptions_noCreate() {
	store, err := disk.New(filepath.Join(os.TempDir(), "not-mounted"), &disk.Options{NoCreate: true})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	err = store.Put(context.Background(), "c", "k", json.RawMessage(`{}`), core.NoTTL)
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	// Output: true
}

func ExampleStore_Client() {
	directory, remove := temporary()
	defer remove()
	ctx := context.Background()

	store, err := disk.New(directory, nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{"n":1}`), core.NoTTL); err != nil {
		panic(err)
	}
	fmt.Println(store.Client().Has("c::k"), store.Client().Has("c::other"))
	// Output: true false
}

package disk

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// A writer has .tmp open. Who removes it, or moves it away, does not fail the
// writes of a store that goes on.
func TestTemporaryDirectoryOfOthers(t *testing.T) {
	directory := t.TempDir()
	ctx := t.Context()
	store, err := New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	temporary := filepath.Join(directory, temporaryDirectory)
	for name, disturb := range map[string]func() error{
		"nothing":  func() error { return nil },
		"removed":  func() error { return os.RemoveAll(temporary) },
		"replaced": func() error { return errors.Join(os.RemoveAll(temporary), os.Mkdir(temporary, 0o700)) },
		"moved":    func() error { return os.Rename(temporary, filepath.Join(directory, ".old")) },
	} {
		if err := store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if err := disturb(); err != nil {
			t.Skipf("%s: %v", name, err) // Windows keeps what is open
		}
		var group sync.WaitGroup
		for _, key := range []string{"k", "l", "m", "n"} {
			group.Go(func() {
				if err := store.Put(ctx, "c", key, json.RawMessage(`{"new":1}`), core.NoTTL); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if entry, err := store.Get(ctx, "c", key); err != nil || string(entry.Value) != `{"new":1}` {
					t.Errorf("%s: %s, %v", name, entry.Value, err)
				}
			})
		}
		group.Wait()
		_ = os.RemoveAll(filepath.Join(directory, ".old"))
	}
}

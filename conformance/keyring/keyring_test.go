package keyring_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// options are those of the suite on every backend.
func options() *storetest.Options {
	return &storetest.Options{
		Capabilities: core.CanKeys | core.CanCollections | core.CanDestroyCollection | core.CanDestroy | core.CanCull | core.CanPing,
		Corrupt:      corrupt,

		BestEffortDelete: true,

		// The suite asks for at least 1,100, to go beyond the pages and caps of
		// servers. Here a name that is listed is read, at 2 to 40 ms each, and a
		// page has 8 of them: 60 are several pages.
		Many: 60,
	}
}

// corrupt writes an item that is no entry past the store.
func corrupt(_ context.Context, store core.Store, collection, key string) error {
	s, ok := core.As[*keyring.Store](store)
	if !ok {
		panic("the suite passes another store than it was given")
	}
	name := s.ItemName(collection, key)
	return s.Client().Set(driver.Item{Key: name, Label: name, Data: []byte("\xff is no entry")})
}

// open returns a store for a config.
func open(t testing.TB, config *keyring.Config) *keyring.Store {
	t.Helper()
	store, err := keyring.OpenConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// thousands are the cases that write a thousand entries.
var thousands = []string{
	"bulk-of-1000", "keys-calling-the-store", "keys-deleted-while-listed", "keys-cancelled-inside", "destroy-collection-with-many",
}

func TestConformanceSecretService(t *testing.T) {
	t.Parallel()
	needDesktop(t)
	o := options()
	o.MaxValue, o.Skip = 256<<10, make(map[string]string)
	o.Many = 40
	o.Timeout = 5 * time.Minute // the daemon gets slower with each call that it has answered
	// Some cases write a thousand entries, whatever Many is: that takes minutes
	// where each write has the daemon write all items again. See slow_test.go.
	for _, name := range thousands {
		o.Skip[name] = "writes 1,000 items, and the daemon writes all of them again each time"
	}
	storetest.Run(t, func(t *testing.T) core.Store {
		return open(t, &keyring.Config{Backends: []driver.BackendType{driver.SecretServiceBackend}})
	}, o)
}

// inFiles returns a config for encrypted files.
func inFiles(dir string) *keyring.Config {
	return &keyring.Config{
		Backends: []driver.BackendType{driver.FileBackend}, FileDir: dir,
		FilePassword: driver.FixedStringPrompt("correct horse battery staple"),
	}
}

func TestConformanceFile(t *testing.T) {
	t.Parallel()
	servers.Report(t, "keyring: file", "in process", "this process")
	dir := filepath.Join(memoryDir(t), "items")
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, inFiles(dir)) }, options())
}

// memoryDir returns a temporary directory in memory, where there is one: every
// write waits for the disk, and the disk is not what the suite tests.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "keyring")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

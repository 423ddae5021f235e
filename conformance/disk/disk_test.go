package disk_test

import (
	"context"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/disk"
)

// suite is what every store of the package promises.
func suite() *storetest.Options {
	return &storetest.Options{Capabilities: core.CanAll, Many: 2500}
}

// report notes for the table of the run that no server is needed.
func report(t *testing.T) {
	t.Helper()
	servers.Report(t, "disk", "a directory of this machine", "made by the test")
}

func open(t *testing.T, directory string, options *disk.Options) *disk.Store {
	t.Helper()
	store, err := disk.New(directory, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// A store keeps the rules on a directory that it shares with others.
func TestConformance(t *testing.T) {
	report(t)
	for name, options := range map[string]*disk.Options{"default": nil, "sync": {Sync: true}, "limited": {MaxSize: 1 << 40}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // one waits for the disk, another computes
			directory := t.TempDir()
			suite := suite()
			suite.Corrupt = func(_ context.Context, store core.Store, collection, key string) error {
				return store.(*disk.Store).Client().Write(names.Compound(core.CollectionName(collection), key), []byte(`{"value":`))
			}
			if options != nil {
				suite.Many = 1100
			}
			storetest.Run(t, func(t *testing.T) core.Store { return open(t, directory, options) }, suite)
		})
	}
}

// So does one with a directory for each collection.
func TestMultiConformance(t *testing.T) {
	t.Parallel()
	report(t)
	directory := t.TempDir()
	suite := suite()
	suite.Many = 1100
	storetest.Run(t, func(t *testing.T) core.Store {
		store, err := disk.NewMulti(directory, nil)
		if err != nil {
			t.Fatal(err)
		}
		return store
	}, suite)
}

package winregistry_test

import (
	"testing"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/winregistry"
)

// A store with the default options keeps the rules of package core.
func TestConformance(t *testing.T) {
	t.Parallel()
	path := newPath(t, registry.CURRENT_USER)
	storetest.Run(t, func(t *testing.T) core.Store {
		return open(t, &winregistry.Options{Path: path})
	}, suiteOptions)
}

// So does one with other options, by URL, in the keys of all users.
func TestConformanceLocalMachine(t *testing.T) {
	t.Parallel()
	quicker := *suiteOptions
	quicker.Many = 1200
	path := newPath(t, registry.LOCAL_MACHINE)
	stores := core.Mux{"winregistry": winregistry.Open}
	storetest.Run(t, func(t *testing.T) core.Store {
		store, err := stores.Open(t.Context(), `winregistry://HKLM/`+path+`?volatile=true&view=32`)
		must(t, err)
		return store
	}, &quicker)
}

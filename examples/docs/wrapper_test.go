package docs

import (
	"io"
	"log/slog"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// A wrapper that looks at what goes through, and changes nothing.
func TestWrapper(t *testing.T) {
	storetest.RunWrapper(t, func(t *testing.T, inner core.Store) core.Store {
		store, err := wrappers.NewLogging(inner, &wrappers.LoggingOptions{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err != nil {
			t.Fatal(err)
		}
		return store
	}, &storetest.WrapperOptions{Transparent: true})
}

package memory_test

import (
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// Each store must keep the rules of package core.
func TestConformance(t *testing.T) {
	t.Attr("backend", "memory")
	t.Attr("server", "in this process")
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) core.Store { return open(t) }, &storetest.Options{
				Capabilities: core.CanAll,
				InProcess:    true,
				TimeStep:     time.Nanosecond,
			})
		})
	}
}

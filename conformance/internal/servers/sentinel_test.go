package servers_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

func TestSentinel(t *testing.T) {
	for _, kind := range []*servers.Kind{servers.Redis, servers.Valkey} {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			watched := servers.Sentinel(t, kind)
			for _, process := range []*servers.Process{watched.Master, watched.Replica, watched.Sentinel} {
				if !answers(process.Address) {
					t.Errorf("%s is not up", process.Address)
				}
			}
		})
	}
}

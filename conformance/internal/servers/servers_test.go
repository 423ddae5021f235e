package servers_test

import (
	"net"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }

var kinds = []*servers.Kind{servers.Redis, servers.Valkey, servers.Memcached}

// answers reports whether somebody takes connections there.
func answers(address string) bool {
	connection, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

func TestProcess(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			process := kind.Start(t)
			if process.Version == "" || !answers(process.Address) {
				t.Errorf("%q at %s is not up", process.Version, process.Address)
			}
			process.Kill()
			if answers(process.Address) {
				t.Error("it is still up after Kill")
			}
			process.Restart()
			process.Pause()
			process.Resume()
			process.Stop()
			if answers(process.Address) {
				t.Error("it is still up after Stop")
			}
		})
	}
}

func TestURL(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.Name, func(t *testing.T) {
			if url := kind.URL(t); url == "" || url != kind.URL(t) {
				t.Errorf("got %q, and then %q", url, kind.URL(t))
			}
		})
	}
}

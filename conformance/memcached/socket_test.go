package memcached_test

import (
	"encoding/json"
	"net"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
)

// A server may listen on a socket of the file system.
func TestSocket(t *testing.T) {
	program := servers.Memcached.Program(t)
	path := filepath.Join(t.TempDir(), "m.sock")
	command := exec.Command(program, "-u", "root", "-s", path)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	servers.Report(t, servers.Memcached.Name, "memcached", "started by the test")
	for range 500 {
		conn, err := net.Dial("unix", path)
		if err == nil {
			conn.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	store := open(t, "memcached://"+path)
	ctx := t.Context()
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{"a":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	entries, err := store.GetMany(ctx, "c", []string{"k"})
	if err != nil || string(entries[0].Value) != `{"a":1}` {
		t.Errorf("GetMany = %v, %v", entries, err)
	}
	if err := store.Ping(ctx); err != nil {
		t.Errorf("Ping = %v", err)
	}
}

package servers

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Watched is a master and its replica, and a sentinel that watches them: it
// promotes the replica when the master is gone for half a second.
type Watched struct {
	Master, Replica, Sentinel *Process

	// Name is what the sentinel calls the master.
	Name string
}

// Sentinel starts a master, a replica and a sentinel for the test alone, of
// kind Redis or Valkey. The replica is in step, and the sentinel knows it, when
// Sentinel returns.
func Sentinel(t testing.TB, kind *Kind) *Watched {
	t.Helper()
	const name = "watched"
	master := kind.Start(t, "--repl-diskless-sync-delay", "0")
	host, port, err := net.SplitHostPort(master.Address)
	if err != nil {
		t.Fatal(err)
	}
	replica := kind.Start(t, "--replicaof", host+" "+port)
	// A sentinel keeps what it learns in its configuration, which must be a file.
	dir := t.TempDir()
	sentinelPort := strconv.Itoa(FreePort(t))
	config := filepath.Join(dir, "sentinel.conf")
	text := fmt.Sprintf("bind 127.0.0.1\nport %[1]s\ndir %[2]s\n"+
		"sentinel monitor %[3]s %[4]s %[5]s 1\n"+
		"sentinel down-after-milliseconds %[3]s 500\n"+
		"sentinel failover-timeout %[3]s 5000\n",
		sentinelPort, dir, name, host, port)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel := &Process{
		Address: net.JoinHostPort("127.0.0.1", sentinelPort), Dir: dir,
		t: t, kind: kind, path: kind.Program(t), arguments: []string{config, "--sentinel"},
	}
	t.Cleanup(sentinel.end)
	sentinel.Restart()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	await := func(server *Process, wanted string, words ...string) {
		t.Helper()
		for {
			answer := must(ctx, t, server, words...)
			if strings.Contains(answer, wanted) {
				return
			}
			select {
			case <-ctx.Done():
				t.Fatalf("%q has no %q: %s", words, wanted, answer)
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	await(replica, "master_link_status:up", "INFO", "replication")
	await(sentinel, "status=ok,address="+master.Address+",slaves=1", "INFO", "sentinel")
	return &Watched{Master: master, Replica: replica, Sentinel: sentinel, Name: name}
}

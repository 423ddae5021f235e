//go:build unix

package keyring_test

import (
	"syscall"
	"testing"
	"time"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/keyring"
)

var secretServiceClient = []string{"CLIENT_BACKEND=" + string(driver.SecretServiceBackend)}

// ownDesktop starts a desktop for this test, and a client with an entry in it.
func ownDesktop(t *testing.T) (*desktop, *client) {
	t.Helper()
	needDesktop(t)
	d, err := startDesktop(memoryDir(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	c := startClient(t, append(d.environment, secretServiceClient...), nil)
	c.must("put", "k")
	c.must("get", "k")
	return d, c
}

// A daemon that is killed is an error for who reads, lists or writes. When it
// is back and unlocked, the store goes on.
func TestSecretServiceKilled(t *testing.T) {
	t.Parallel()
	d, c := ownDesktop(t)
	end(d.daemon)
	c.wantFailures(30*time.Second, "without a daemon", "get", "keys", "put", "delete", "cull", "ping")
	if err := d.startDaemon(desktopPassword); err != nil {
		t.Fatal(err)
	}
	c.must("get", "k")
	if a := c.must("keys", ""); len(a.Names) != 1 || a.Names[0] != "k" {
		t.Errorf("Keys afterwards has %q; want k", a.Names)
	}
}

// A bus that is gone is an error.
func TestSecretServiceWithoutBus(t *testing.T) {
	t.Parallel()
	d, c := ownDesktop(t)
	end(d.bus)
	c.wantFailures(5*time.Second, "without a bus", "get", "keys", "put", "delete", "cull", "ping")
}

// A daemon that does not answer is left at the deadline, and what waits behind
// it too. What was left is done before what comes later.
func TestSecretServiceStopped(t *testing.T) {
	t.Parallel()
	d, c := ownDesktop(t)
	if err := d.daemon.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for _, op := range []string{"put", "get", "keys", "delete"} {
		if a := c.within(200*time.Millisecond, op, "k"); !a.Deadline || a.Took > 10*time.Second {
			t.Errorf("%s of a daemon that hangs answers %+v; want the deadline", op, a)
		}
	}
	if err := d.daemon.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	c.must("get", "k") // Delete was not its turn yet, and so never happened
}

// A locked keyring asks for a password, which nobody gives here: an error, at
// the latest at the deadline, and no miss.
func TestSecretServiceLocked(t *testing.T) {
	t.Parallel()
	d, c := ownDesktop(t)
	if err := d.ask("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
		"array:objpath:/org/freedesktop/secrets/collection/"+keyring.DefaultCollection); err != nil {
		t.Fatal(err)
	}
	c.wantFailures(2*time.Second, "locked", "get", "keys", "put", "delete", "cull")
}

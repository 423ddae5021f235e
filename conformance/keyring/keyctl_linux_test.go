package keyring_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	driver "github.com/99designs/keyring"
	"golang.org/x/sys/unix"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// inKernel returns a config for a keyring in the session of the tests.
func inKernel(t testing.TB, scope, service string) *keyring.Config {
	t.Helper()
	if err := kernelKeys(); err != nil {
		t.Attr("backend", "keyring: keyctl")
		servers.Missing(t, "keyctl", "no keyrings of the kernel: %v", err)
	}
	release, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	servers.Report(t, "keyring: keyctl", "Linux", "kernel "+strings.TrimSpace(string(release)))
	return &keyring.Config{Backends: []driver.BackendType{driver.KeyCtlBackend}, KeyctlScope: scope, Service: service}
}

// kernelKeys returns why the suite cannot run: containers may forbid the calls,
// and users other than root may have 200 keys unless that was changed.
func kernelKeys() error {
	id, err := unix.AddKey("user", "keyvalue-test", []byte("x"), unix.KEY_SPEC_SESSION_KEYRING)
	if err != nil {
		return err
	}
	if _, err := unix.KeyctlInt(unix.KEYCTL_UNLINK, id, unix.KEY_SPEC_SESSION_KEYRING, 0, 0); err != nil {
		return err
	}
	file := "/proc/sys/kernel/keys/maxkeys"
	if os.Getuid() == 0 {
		file = "/proc/sys/kernel/keys/root_maxkeys"
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if most, err := strconv.Atoi(strings.TrimSpace(string(text))); err != nil || most < 5000 {
		return errors.New(file + " is less than 5000")
	}
	return nil
}

func TestConformanceKeyctl(t *testing.T) {
	t.Parallel()
	for _, scope := range []string{"session", "user"} {
		t.Run(scope, func(t *testing.T) {
			service := fmt.Sprint("keyvalue-conformance-", os.Getpid())
			config := inKernel(t, scope, service)
			if scope == "user" {
				t.Cleanup(func() { forget(t, service) })
			}
			o := options()
			o.Many = 1100
			o.MaxValue, o.MaxKey, o.MaxCollection = 30_000, 1000, 1000
			o.RefusesName = func(collection, key string) bool {
				return inEnvelope(collection) > 1000 || inEnvelope(key) > 1000
			}
			storetest.Run(t, func(t *testing.T) core.Store { return open(t, config) }, o)
		})
	}
}

// forget removes the keyring of a service from that of the user.
func forget(t *testing.T, service string) {
	ring, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "keyring", service, 0)
	if err == nil {
		_, err = unix.KeyctlInt(unix.KEYCTL_UNLINK, ring, unix.KEY_SPEC_USER_KEYRING, 0, 0)
	}
	if err != nil {
		t.Error(err)
	}
}

// A key that may be found and not read is an error, and so is one that was
// revoked.
func TestKeyctlErrors(t *testing.T) {
	t.Parallel()
	store := open(t, inKernel(t, "session", "keyvalue-errors"))
	if err := store.Put(t.Context(), "c", "k", []byte(`{"a":1}`), 0); err != nil {
		t.Fatal(err)
	}
	ring, err := unix.KeyctlSearch(unix.KEY_SPEC_SESSION_KEYRING, "keyring", "keyvalue-errors", 0)
	if err != nil {
		t.Fatal(err)
	}
	id, err := unix.KeyctlSearch(ring, "user", store.ItemName("c", "k"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unix.KeyctlInt(unix.KEYCTL_REVOKE, id, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	wantErrors(t, store, "c", "k", func(err error) bool {
		return errors.Is(err, syscall.EKEYREVOKED) || errors.Is(err, syscall.EACCES)
	})
}

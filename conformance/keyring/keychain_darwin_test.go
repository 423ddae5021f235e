package keyring_test

import (
	"errors"
	"os/exec"
	"testing"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// A keychain of its own is made by the first write, and its password is known:
// nobody is asked for anything.
func TestConformanceKeychain(t *testing.T) {
	config := &keyring.Config{
		Backends: []driver.BackendType{driver.KeychainBackend}, Service: "keyvalue-test",
		KeychainName: "keyvalue-test", KeychainPassword: driver.FixedStringPrompt("throw-away"),
		KeychainTrustApplication: true,
	}
	if _, err := keyring.OpenConfig(t.Context(), config); errors.Is(err, driver.ErrNoAvailImpl) {
		servers.Missing(t, "keychain", "the program was built without cgo: %v", err)
	}
	t.Cleanup(func() { _ = exec.Command("security", "delete-keychain", config.KeychainName+".keychain").Run() })
	servers.Report(t, "keyring: keychain", "Keychain", "macOS")
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, config) }, options())
}

package keyring_test

import (
	"testing"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// tooSmall is why a case cannot run: its values are larger than a credential.
const tooSmall = "the values of the case do not fit into a credential of 2,560 bytes"

func TestConformanceWincred(t *testing.T) {
	servers.Report(t, "keyring: wincred", "advapi32", "Windows or Wine")
	o := options()
	o.MaxValue, o.MaxKey, o.MaxCollection = 1900, 200, 200
	o.RefusesName = func(collection, key string) bool { return inEnvelope(collection) > 200 || inEnvelope(key) > 200 }
	o.Skip = map[string]string{
		"values": tooSmall, "values-kept-as-text": tooSmall, "overwrite-value": tooSmall, "writers-of-one-key": tooSmall,
	}
	storetest.Run(t, func(t *testing.T) core.Store {
		return open(t, &keyring.Config{Backends: []driver.BackendType{driver.WinCredBackend}, Service: "keyvalue-test"})
	}, o)
}

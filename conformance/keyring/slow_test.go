//go:build slow

package keyring_test

import (
	"testing"
	"time"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// The whole suite on pass takes a quarter of an hour: the programs take 20 ms
// and more for each item. go test -tags slow -timeout 1h -run ConformancePass
func TestConformancePass(t *testing.T) {
	t.Parallel()
	config := inPasswordStore(t)
	o := options()
	o.Many = 40
	o.Timeout = 10 * time.Minute
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, config) }, o)
}

// The whole suite on the Secret Service, of which the ordinary run leaves out
// the cases that write a thousand entries.
func TestConformanceSecretServiceWhole(t *testing.T) {
	t.Parallel()
	needDesktop(t)
	o := options()
	o.Many, o.MaxValue, o.Timeout = 1100, 256<<10, 10*time.Minute
	storetest.Run(t, func(t *testing.T) core.Store {
		return open(t, &keyring.Config{Backends: []driver.BackendType{driver.SecretServiceBackend}, Service: "keyvalue-slow"})
	}, o)
}

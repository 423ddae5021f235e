package interop_test

import (
	"net"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
)

// startPython starts a store of the library over the server.
func startPython(t *testing.T, kind, address string) *pythonstore.Process {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return pythonstore.Start(t, "", "testdata/interop.py", kind, host, port)
}

package vault_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
)

// startPython starts the Python library's store of an engine.
func startPython(t *testing.T, url, mounted string) *pythonstore.Process {
	t.Helper()
	return pythonstore.Start(t, "vault", "testdata/store.py", url, rootToken, mounted)
}

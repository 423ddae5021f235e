package mongodb_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
)

// startPython starts the Python library's store of a database.
func startPython(t *testing.T, url, database string) *pythonstore.Process {
	t.Helper()
	return pythonstore.Start(t, "mongodb", "testdata/store.py", url, database)
}

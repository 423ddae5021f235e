package dynamodb_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
)

// startPython starts the Python library's store of a table.
func startPython(t *testing.T, url, table string) *pythonstore.Process {
	t.Helper()
	return pythonstore.Start(t, "dynamodb", "testdata/store.py", url, region, table, accessKey)
}

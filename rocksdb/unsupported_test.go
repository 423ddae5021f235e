//go:build !cgo || !unix

package rocksdb

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// In a program without cgo, and on Windows, New says so and makes nothing.
func TestUnsupported(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "data")
	store, err := New(directory, nil)
	var failure *core.Error
	if store != nil || !errors.As(err, &failure) || !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("New = %v, %v; want ErrUnsupported", store, err)
	}
	if _, err := os.Stat(directory); err == nil {
		t.Error("New has made the directory")
	}
}

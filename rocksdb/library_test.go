//go:build cgo && unix

package rocksdb

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// Where there is no library, New says what to do, and makes nothing. No test of
// this package loads one.
func TestNoLibrary(t *testing.T) {
	files := map[string]string{
		filepath.Join(t.TempDir(), "librocksdb.so"): "apt-get install librocksdb-dev",
	}
	if runtime.GOOS == "linux" {
		files["libm.so.6"] = "it has no function rocksdb_free"
	}
	for file, want := range files {
		directory := filepath.Join(t.TempDir(), "data")
		_, err := New(directory, &Options{Library: file})
		var failure *core.Error
		if !errors.As(err, &failure) || !errors.Is(err, ErrNoLibrary) || !strings.Contains(err.Error(), want) {
			t.Errorf("New with library %s = %v; want ErrNoLibrary and %q", file, err, want)
		}
		if _, err := os.Stat(directory); err == nil {
			t.Errorf("New with library %s has made the directory", file)
		}
	}
	if got := Library(); got != "" {
		t.Errorf("Library = %q", got)
	}
}

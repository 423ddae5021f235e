package rocksdb_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

// headers is the variable that lists directories with headers of other versions,
// as a PATH does. Each is one that has rocksdb/c.h in it.
const headers = "KEYVALUE_TEST_ROCKSDB_HEADERS"

// compile runs the C compiler that cgo uses.
func compile(t *testing.T, arguments ...string) {
	t.Helper()
	command := exec.Command("go", "env", "CC")
	command.Env = append(os.Environ(), "GOFLAGS=") // which may ask for another form of what it prints
	text, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	compiler := strings.Fields(string(text))
	if len(compiler) == 0 {
		t.Fatal("go env CC names no compiler")
	}
	if _, err := exec.LookPath(compiler[0]); err != nil {
		servers.Missing(t, "rocksdb", "no C compiler: %v", err)
	}
	output, err := exec.Command(compiler[0], append(compiler[1:], arguments...)...).CombinedOutput()
	if strings.Contains(string(output), "rocksdb/c.h: No such file") {
		servers.Missing(t, "rocksdb", "no header of RocksDB, such as librocksdb-dev has: %s", output)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// The store declares the functions that it calls itself. The header of the
// library, and those of other versions, must agree.
func TestFunctionsAreDeclaredAlike(t *testing.T) {
	t.Parallel()
	t.Attr("backend", "rocksdb")
	check := func(t *testing.T, flags ...string) {
		compile(t, append(flags, "-std=gnu11", "-fsyntax-only",
			"-I", filepath.Join("..", "..", "rocksdb", "internal", "librocksdb"), filepath.Join("testdata", "functions.c"))...)
	}
	t.Run("installed", func(t *testing.T) { check(t) })
	for _, directory := range filepath.SplitList(os.Getenv(headers)) {
		t.Run(directory, func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(directory, "rocksdb", "c.h")); err != nil {
				t.Fatal(err)
			}
			// The directory may be one of a whole system, whose other headers
			// are not for this compiler.
			alone := t.TempDir()
			if err := os.Symlink(filepath.Join(directory, "rocksdb"), filepath.Join(alone, "rocksdb")); err != nil {
				t.Fatal(err)
			}
			check(t, "-I", alone)
		})
	}
}

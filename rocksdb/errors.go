package rocksdb

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// These errors of [New] and [Open] say why there is no store.
var (
	// ErrNoLibrary says that RocksDB is not installed, or not where it is
	// looked for. The text says what to install.
	ErrNoLibrary = errors.New("RocksDB is not installed")

	// ErrLocked says that another store, in this process or another, has the
	// database open.
	ErrLocked = errors.New("the database is in use")

	// ErrForeign says that a directory holds something else than a database of
	// this package. It was left as it is.
	ErrForeign = errors.New("not a database of this package")
)

// causes are parts of RocksDB's messages, and what they say.
var causes = []struct {
	text  string
	cause error
}{
	{"While lock file", ErrLocked},
	{"lock hold by current process", ErrLocked},
	{"No space left on device", syscall.ENOSPC},
	{"Disk quota exceeded", errors.New("the quota of the disk is exceeded")},
	{"Permission denied", fs.ErrPermission},
	{"Read-only file system", fs.ErrPermission},
	{"Column families not opened", ErrForeign},
	{"does not match existing comparator", ErrForeign},
}

// failure puts before an error of RocksDB what can be told from its message.
func failure(err error) error {
	text, ok := err.(librocksdb.Error)
	if !ok {
		return err
	}
	for _, known := range causes {
		if strings.Contains(string(text), known.text) {
			return fmt.Errorf("%w: %w", known.cause, err)
		}
	}
	return err
}

// refuse returns an error for a call that is not one of package core's, and for
// a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}

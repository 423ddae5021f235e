//go:build !cgo || !unix

package librocksdb

import (
	"errors"
	"fmt"
	"runtime"
)

// errUnsupported says why there is no RocksDB.
var errUnsupported = func() error {
	if runtime.GOOS == "windows" {
		return fmt.Errorf("RocksDB on Windows: %w", errors.ErrUnsupported)
	}
	return fmt.Errorf("RocksDB in a program that was built without cgo: %w", errors.ErrUnsupported)
}()

// Database cannot be opened here.
type Database struct{}

// Load answers that this is not supported here, as do all functions.
func Load(string) error { return errUnsupported }

// Loaded returns the empty string.
func Loaded() string { return "" }

func Open(string, Settings) (*Database, error) { return nil, errUnsupported }
func Families(string) (int, error)             { return 0, errUnsupported }

func (*Database) Arm()   {}
func (*Database) Close() {}

func (*Database) Get(_, dst []byte) ([]byte, bool, error) { return dst, false, errUnsupported }
func (*Database) Put(_, _ []byte) error                   { return errUnsupported }
func (*Database) Delete([]byte) error                     { return errUnsupported }
func (*Database) Write(b *Batch) error                    { _ = b.finished(); return errUnsupported }
func (*Database) Property(string) (string, bool)          { return "", false }
func (*Database) Flush() error                            { return errUnsupported }
func (*Database) Compact()                                {}
func (*Database) Checkpoint(string) error                 { return errUnsupported }

func (*Database) GetMany(_ []byte, _ []uint64, _ uint64, dst []byte, _ []uint64) ([]byte, error) {
	return dst, errUnsupported
}

func (*Database) Scan(_ *Query, dst []byte) ([]byte, bool, error) {
	return dst, false, errUnsupported
}

package disk

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/go-keyvalue/keyvalue/core"
)

// MaxValue is the largest value in bytes; a larger one is core.ErrTooLarge.
const MaxValue = 1 << 30

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// Sync has every write wait until the file and its directory are on the
	// disk. By default it waits until the operating system has them: what was
	// written outlives the end of the program, however that comes, but the
	// last seconds may be lost when the machine fails.
	Sync bool

	// MaxSize is how many bytes the files of the directory have together at
	// most. A write beyond it removes others: first what has expired, then
	// what was written longest ago, until a tenth is free. The size is looked
	// at after every tenth that this process has written, so the directory may
	// exceed it by a tenth for each process that writes. An entry that exceeds
	// it alone is core.ErrTooLarge. Zero means no limit.
	MaxSize int64

	// NoCreate refuses to make the directory: a write to one that is not there
	// fails with an error that matches [io/fs.ErrNotExist]. What is within it
	// is made.
	NoCreate bool

	// DirectoryMode and FileMode are the permissions of what the store makes,
	// before the umask. Zero means 0700 and 0600: for the owner alone.
	DirectoryMode, FileMode fs.FileMode
}

// checked returns the absolute path of a directory for these options, or why one
// or the other is refused.
func (o *Options) checked(directory string) (path string, err error) {
	if err := o.check(); err != nil {
		return "", err
	}
	if directory == "" {
		return "", invalidOptions("the directory has no name")
	}
	return filepath.Abs(directory)
}

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	switch {
	case o.MaxSize < 0:
		return invalidOptions("MaxSize is negative")
	case o.DirectoryMode&^fs.ModePerm != 0 || o.FileMode&^fs.ModePerm != 0:
		return invalidOptions("DirectoryMode or FileMode has other bits than permissions")
	case o.DirectoryMode != 0 && o.DirectoryMode&0o700 != 0o700:
		return invalidOptions("DirectoryMode keeps the owner out")
	case o.FileMode != 0 && o.FileMode&0o600 != 0o600:
		return invalidOptions("FileMode keeps the owner out")
	}
	return nil
}

func (o *Options) directoryMode() fs.FileMode {
	if o.DirectoryMode == 0 {
		return 0o700
	}
	return o.DirectoryMode
}

func (o *Options) fileMode() fs.FileMode {
	if o.FileMode == 0 {
		return 0o600
	}
	return o.FileMode
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}

//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package disk

import (
	"errors"
	"os"
)

// tryLockFile: there are no locks, and so each process is on its own.
func tryLockFile(*os.File) error { return errors.ErrUnsupported }

func unlockFile(*os.File) {}

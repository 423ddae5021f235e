//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package disk

import (
	"errors"
	"os"
	"syscall"
)

// tryLockFile locks a file for this process, or returns errLocked. A file that
// has no name any longer is errRemoved.
func tryLockFile(file *os.File) error {
	var status syscall.Stat_t
	if err := flock(file, syscall.LOCK_EX|syscall.LOCK_NB, &status); err != nil {
		return err
	}
	if status.Nlink == 0 {
		return errRemoved
	}
	return nil
}

func unlockFile(file *os.File) { _ = flock(file, syscall.LOCK_UN, nil) }

// flock locks or unlocks a file, and looks at it then if a status is wanted.
func flock(file *os.File, how int, status *syscall.Stat_t) error {
	connection, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var lockErr error
	err = connection.Control(func(descriptor uintptr) {
		for {
			lockErr = syscall.Flock(int(descriptor), how)
			if !errors.Is(lockErr, syscall.EINTR) {
				break
			}
		}
		if lockErr == nil && status != nil {
			lockErr = syscall.Fstat(int(descriptor), status)
		}
	})
	switch {
	case err != nil:
		return err
	case errors.Is(lockErr, syscall.EWOULDBLOCK):
		return errLocked
	case errors.Is(lockErr, syscall.ENOTSUP), errors.Is(lockErr, syscall.EOPNOTSUPP), errors.Is(lockErr, syscall.ENOSYS), errors.Is(lockErr, syscall.ENOLCK):
		return errors.ErrUnsupported // by this file system
	}
	return lockErr
}

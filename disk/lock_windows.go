package disk

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

var (
	kernel32     = syscall.NewLazyDLL("kernel32.dll")
	lockFileEx   = kernel32.NewProc("LockFileEx")
	unlockFileEx = kernel32.NewProc("UnlockFileEx")
)

// tryLockFile locks the first byte of a file for this process, or returns
// errLocked.
func tryLockFile(file *os.File) error {
	const exclusive, failImmediately = 2, 1
	return control(file, func(handle uintptr, where *syscall.Overlapped) error {
		ok, _, err := lockFileEx.Call(handle, exclusive|failImmediately, 0, 1, 0, uintptr(unsafe.Pointer(where)))
		if ok != 0 {
			return nil
		}
		const lockViolation = syscall.Errno(33)
		if errors.Is(err, lockViolation) || errors.Is(err, syscall.ERROR_IO_PENDING) {
			return errLocked
		}
		return err
	})
}

func unlockFile(file *os.File) {
	_ = control(file, func(handle uintptr, where *syscall.Overlapped) error {
		_, _, _ = unlockFileEx.Call(handle, 0, 1, 0, uintptr(unsafe.Pointer(where)))
		return nil
	})
}

func control(file *os.File, call func(handle uintptr, where *syscall.Overlapped) error) error {
	connection, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var callErr error
	if err := connection.Control(func(handle uintptr) { callErr = call(handle, new(syscall.Overlapped)) }); err != nil {
		return err
	}
	return callErr
}

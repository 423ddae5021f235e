package disk

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// nonBlocking: there are no pipes among files.
const nonBlocking = 0

// rename moves a file over another, atomically.
func rename(root *os.Root, from, to string) error {
	return whileInUse(func() error { return root.Rename(from, to) })
}

// remove removes a file.
func remove(root *os.Root, name string) error {
	return whileInUse(func() error { return root.Remove(name) })
}

// patience is how long a file may be in use by those who do not share it: a
// virus scanner, an indexer, a Python program that reads it.
const patience = time.Second

// whileInUse repeats what Windows refuses because a file is open elsewhere.
func whileInUse(call func() error) error {
	const sharingViolation = syscall.Errno(32)
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		err := call()
		inUse := errors.Is(err, sharingViolation) || errors.Is(err, syscall.ERROR_ACCESS_DENIED)
		if !inUse || time.Now().After(end) {
			return err
		}
	}
}

// syncNames: Windows writes names with the file.
func syncNames(*os.Root, string) error { return nil }

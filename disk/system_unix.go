//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// nonBlocking has the opening of a pipe not wait for who writes to it. It also
// spares the four system calls by which package os finds out that a file is none.
const nonBlocking = syscall.O_NONBLOCK

// rename moves a file over another, atomically.
func rename(root *os.Root, from, to string) error { return root.Rename(from, to) }

// remove removes a file.
func remove(root *os.Root, name string) error { return root.Remove(name) }

// syncNames puts the names in a directory on the disk.
func syncNames(root *os.Root, name string) error {
	directory, err := root.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}

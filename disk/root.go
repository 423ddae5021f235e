package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

const (
	temporaryDirectory = ".tmp"
	lockDirectory      = ".lock"

	// abandoned is the age from which on a temporary file belongs to a process
	// that has ended.
	abandoned = time.Hour
)

// open returns the directory, or an error that matches fs.ErrNotExist.
func (b *backend) open() (*os.Root, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.closed {
		return nil, core.ErrClosed
	}
	if b.root != nil {
		return b.root, nil
	}
	root, err := b.openRoot()
	if err != nil {
		return nil, err
	}
	b.root = root
	return root, nil
}

// openRoot opens the directory. Where it has a parent, a link in its place must
// not lead out of that.
func (b *backend) openRoot() (*os.Root, error) {
	if b.parent == "" {
		return os.OpenRoot(b.path)
	}
	parent, err := os.OpenRoot(b.parent)
	if err != nil {
		return nil, err
	}
	defer parent.Close()
	return parent.OpenRoot(filepath.Base(b.path))
}

// reopen closes the directory if it is no longer the one at the path.
func (b *backend) reopen() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.root == nil {
		return
	}
	opened, err := b.root.Stat(".")
	if err == nil {
		var there fs.FileInfo
		if there, err = os.Stat(b.path); err == nil && os.SameFile(opened, there) {
			return
		}
	}
	b.forgetDirectories()
	b.root.Close()
	b.root = nil
}

// Setup makes the directory, and removes what processes have left in it that
// were killed while they wrote.
func (b *backend) Setup(context.Context) error {
	b.reopen()
	if err := b.makeRoot(); err != nil {
		return err
	}
	root, err := b.open()
	if err != nil {
		return err
	}
	for _, name := range []string{temporaryDirectory, lockDirectory} {
		if err := b.makeDirectory(root, name); err != nil {
			return err
		}
	}
	return removeAbandoned(root)
}

// makeRoot makes the directory itself, unless it is there. NoCreate speaks of
// the parent where there is one.
func (b *backend) makeRoot() error {
	top := b.path
	if b.parent != "" {
		top = b.parent
	}
	if !b.options.NoCreate {
		if err := b.makeAll(top); err != nil {
			return err
		}
	}
	if b.parent == "" {
		return nil
	}
	parent, err := os.OpenRoot(b.parent)
	if err != nil {
		return err
	}
	defer parent.Close()
	return b.makeDirectory(parent, filepath.Base(b.path))
}

// makeAll makes a directory and those above it that are not there, and puts the
// name of each on the disk.
func (b *backend) makeAll(path string) error {
	above := filepath.Dir(path)
	if _, err := os.Stat(path); err == nil {
		// Who has made it may not have come to the sync. A directory of others
		// above it is not ours to read.
		return ignore(b.syncPath(above), fs.ErrPermission)
	}
	if above != path {
		if err := b.makeAll(above); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(path, b.options.directoryMode()); err != nil {
		return err
	}
	return b.syncPath(above)
}

// syncPath is syncDirectory outside the root.
func (b *backend) syncPath(path string) error {
	if !b.options.Sync {
		return nil
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return err
	}
	return errors.Join(b.syncDirectory(root, "."), root.Close())
}

// SetupCollection makes the directory of a collection.
func (b *backend) SetupCollection(_ context.Context, collection string) error {
	root, err := b.open()
	if err != nil {
		return err
	}
	return b.makeDirectory(root, scheme.Encode(collection))
}

// makeDirectory makes a directory within the root, unless it is there. A
// symbolic link in its place, wherever it leads, is an error.
func (b *backend) makeDirectory(root *os.Root, name string) error {
	err := root.Mkdir(name, b.options.directoryMode())
	if errors.Is(err, fs.ErrExist) {
		info, err := root.Lstat(name)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return fmt.Errorf("%w: %s is not a directory", fs.ErrExist, name)
		}
	} else if err != nil {
		return err
	}
	// Also if it is there: a process that made it may have ended before its sync.
	return b.syncDirectory(root, ".")
}

// removeAbandoned removes old temporary files, those of Python too.
func removeAbandoned(root *os.Root) error {
	files, err := readDirectory(root, temporaryDirectory)
	if err != nil {
		return err
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < abandoned {
			continue
		}
		if err := absent(root.Remove(temporaryDirectory + "/" + file.Name())); err != nil {
			return err
		}
	}
	return nil
}

// readDirectory returns what is in a directory of the root.
func readDirectory(root *os.Root, name string) ([]fs.DirEntry, error) {
	directory, err := root.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	defer directory.Close()
	return directory.ReadDir(-1)
}

// syncDirectory puts the names in a directory on the disk, if that is wanted. A
// directory that is gone was empty: another process has destroyed what was
// written, and there is nothing to keep.
func (b *backend) syncDirectory(root *os.Root, name string) error {
	if !b.options.Sync {
		return nil
	}
	return absent(b.syncNames(root, name))
}

// directoryOf returns the directory of a file's path.
func directoryOf(file string) string {
	directory, _, _ := strings.Cut(file, "/")
	return directory
}

// Close closes the directory and the files of locks.
func (b *backend) Close() error {
	b.locks.close()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.closed = true
	if b.root == nil {
		return nil
	}
	b.forgetDirectories()
	err := b.root.Close()
	b.root = nil
	return err
}

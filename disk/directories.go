package disk

import (
	"errors"
	"io/fs"
	"os"
)

// directories are those that every write needs. They stay open: to open them
// anew for each file would be a fifth of the work of a write.
type directories struct {
	root      *os.Root // the store's
	temporary *os.Root // .tmp
	moves     *moves   // from there to collections
}

// directories opens them, unless they are open.
func (b *backend) directories(root *os.Root) (*directories, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.writes != nil && b.writes.root == root {
		return b.writes, nil
	}
	b.forgetDirectories()
	temporary, err := root.OpenRoot(temporaryDirectory)
	if err != nil {
		return nil, err
	}
	b.writes = &directories{root, temporary, openMoves(root)}
	return b.writes, nil
}

// create makes a file in .tmp.
func (b *backend) create(root *os.Root, name string) (*os.File, error) {
	d, err := b.directories(root)
	if err != nil {
		return nil, err
	}
	file, err := d.temporary.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|nonBlocking, b.options.fileMode())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		// Somebody has removed .tmp. What may be there now is another.
		b.mutex.Lock()
		defer b.mutex.Unlock()
		if b.writes == d {
			b.forgetDirectories()
		}
	case errors.Is(err, fs.ErrClosed):
		return nil, fs.ErrNotExist // another call has met that
	}
	return file, err
}

// move renames a file of .tmp to its place, over another.
func (b *backend) move(root *os.Root, temporary, file string) error {
	if d, err := b.directories(root); err == nil && d.moves.rename(temporary, file) {
		return nil
	}
	return rename(root, temporary, file) // and it says why not
}

// forgetDirectories closes the directories for writes. Who holds the mutex may
// call it.
func (b *backend) forgetDirectories() {
	if b.writes == nil {
		return
	}
	b.writes.temporary.Close()
	b.writes.moves.close()
	b.writes = nil
}

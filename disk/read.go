package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// buffer is memory for the text of an entry.
type buffer struct{ data []byte }

var buffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 4<<10)} }}

// maxPooled is the size from which on memory is not kept for the next entry.
const maxPooled = 1 << 20

// maxFile is the size of the largest file that is read. The escapes of names
// and times around a value need some of it.
const maxFile = MaxValue + 64<<20

func borrow() *buffer { return buffers.Get().(*buffer) }

func (b *buffer) release() {
	if cap(b.data) <= maxPooled {
		b.data = b.data[:0]
		buffers.Put(b)
	}
}

// read reads a whole file. What is not a regular file, such as a pipe that
// would never end, or is larger than any entry, is core.ErrCorrupt.
func (b *buffer) read(root *os.Root, name string) error {
	file, err := root.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return unreadable(root, name, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	if !info.Mode().IsRegular() || size > maxFile {
		return errNotOurs
	}
	if room := int(size) + 1; cap(b.data) < room {
		b.data = make([]byte, 0, room+room/8)
	}
	b.data = b.data[:0]
	for {
		n, err := file.Read(b.data[len(b.data):cap(b.data)])
		b.data = b.data[:len(b.data)+n]
		if errors.Is(err, io.EOF) || err == nil && size > 0 && int64(len(b.data)) == size {
			return nil // files are replaced and never extended: this is all
		}
		if err != nil {
			return err
		}
		if len(b.data) == cap(b.data) { // it grows, as no file of ours does
			b.data = append(b.data, 0)[:len(b.data)]
		}
		if len(b.data) > maxFile {
			return errNotOurs
		}
	}
}

// errNotOurs is the error of what cannot be an entry.
var errNotOurs = fmt.Errorf("%w: not a file that this store has written", core.ErrCorrupt)

// unreadable returns the error for what could not be opened. A link that leads
// out, or to itself, or a socket, is one bad entry and must not hide others.
func unreadable(root *os.Root, name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return err // the common case, without another look
	}
	if info, statErr := root.Lstat(name); statErr == nil && !info.Mode().IsRegular() {
		return errNotOurs
	}
	return err
}

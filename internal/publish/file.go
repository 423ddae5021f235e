package publish

import (
	"io"
	"os"
)

// file is one file of a module's zip.
type file struct{ path, source string }

func (f file) Path() string                 { return f.path }
func (f file) Lstat() (os.FileInfo, error)  { return os.Lstat(f.source) }
func (f file) Open() (io.ReadCloser, error) { return os.Open(f.source) }

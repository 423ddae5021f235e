package publish

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// file is one file of a module's zip.
type file struct{ path, source string }

func (f file) Path() string                 { return f.path }
func (f file) Lstat() (os.FileInfo, error)  { return os.Lstat(f.source) }
func (f file) Open() (io.ReadCloser, error) { return os.Open(f.source) }

// fileURL is a directory as a URL.
type fileURL struct{ dir string }

func (u *fileURL) String() string {
	path := filepath.ToSlash(u.dir)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

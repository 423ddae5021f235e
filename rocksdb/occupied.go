package rocksdb

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
)

// directories are those that this process has open to write. RocksDB's lock
// keeps other processes out; within one it goes by the name of the directory,
// and lets the same one in by another name, which would destroy it.
var directories struct {
	mutex sync.Mutex
	all   []*directory
}

type directory struct{ info fs.FileInfo }

// occupy notes that the directory is open. Where it is already, the error
// matches ErrLocked.
func occupy(path string) (*directory, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	directories.mutex.Lock()
	defer directories.mutex.Unlock()
	for _, other := range directories.all {
		if os.SameFile(info, other.info) {
			return nil, fmt.Errorf("%w: this process has it open", ErrLocked)
		}
	}
	d := &directory{info}
	directories.all = append(directories.all, d)
	return d, nil
}

// leave undoes occupy.
func (d *directory) leave() {
	directories.mutex.Lock()
	defer directories.mutex.Unlock()
	directories.all = slices.DeleteFunc(directories.all, func(other *directory) bool { return other == d })
}

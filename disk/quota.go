package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// quota knows how much this process has written since the sizes of all files
// were looked at.
type quota struct {
	mutex   sync.Mutex
	looked  bool
	written int64 // bytes, since then

	looking sync.Mutex // who looks at the sizes
}

// due notes a write and reports whether it is time to look.
func (q *quota) due(size, slack int64) bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.written += size
	return !q.looked || q.written > slack
}

// begin returns what a look that begins now will have seen.
func (q *quota) begin() (seen int64) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return q.written
}

// done notes a look. What was written in the meantime it may not have seen.
func (q *quota) done(seen int64) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.looked = true
	q.written -= seen
}

// makeRoom removes entries if the directory has become too large by a write to
// that file.
func (b *backend) makeRoom(ctx context.Context, root *os.Root, file string, written int64) error {
	limit := b.options.MaxSize
	if limit == 0 || !b.quota.due(written, limit/10) {
		return nil
	}
	if !b.quota.looking.TryLock() {
		return nil // somebody does
	}
	defer b.quota.looking.Unlock()
	seen := b.quota.begin()
	if err := b.shrink(ctx, root, file, limit); err != nil {
		return fmt.Errorf("the entry is written, but there is no room for others: %w", err)
	}
	b.quota.done(seen)
	return nil
}

// weighed is a file that may have to go.
type weighed struct {
	directory, encoded string
	size               int64
	written            time.Time
	expired            bool
}

// shrink removes entries until a tenth of the limit is free, if the limit is
// exceeded: those that have expired, and then those written longest ago. The
// file that was just written stays. One that cannot be removed is an error only
// if the others are not enough.
func (b *backend) shrink(ctx context.Context, root *os.Root, written string, limit int64) error {
	files, total, err := weigh(ctx, root)
	if err != nil || total <= limit {
		return err
	}
	now := time.Now()
	buffer := borrow()
	defer buffer.release()
	for i := range files {
		entry, err := lookAt(root, buffer, files[i].directory, files[i].encoded)
		files[i].expired = err == nil && entry != nil && entry.ExpiredAt(now)
	}
	slices.SortFunc(files, func(a, b weighed) int {
		if a.expired != b.expired {
			if a.expired {
				return -1
			}
			return 1
		}
		return a.written.Compare(b.written)
	})
	var failed error
	for _, file := range files {
		if total <= limit-limit/10 {
			return nil
		}
		if file.directory+"/"+file.encoded+suffix == written {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		gone, err := b.evict(ctx, root, file)
		if gone {
			total -= file.size
		}
		if err != nil && failed == nil {
			failed = err
		}
	}
	if total <= limit {
		return nil
	}
	return failed
}

// weigh returns the files of all collections, and their size together.
func weigh(ctx context.Context, root *os.Root) (files []weighed, total int64, err error) {
	directories, err := collectionDirectories(root)
	if err != nil {
		return nil, 0, err
	}
	for _, directory := range directories {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		entries, err := readDirectory(root, directory)
		if absent(err) != nil {
			return nil, 0, err
		}
		for _, entry := range entries {
			encoded, ok := encodedKey(entry.Name())
			info, err := entry.Info()
			if !ok || errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, 0, err
			}
			files = append(files, weighed{directory: directory, encoded: encoded, size: info.Size(), written: info.ModTime()})
			total += info.Size()
		}
	}
	return files, total, nil
}

// evict removes a file that nobody has written since it was weighed. It reports
// whether the file is gone, also if another process has removed it: several may
// make room at the same moment, and together must not remove more than one would.
func (b *backend) evict(ctx context.Context, root *os.Root, file weighed) (bool, error) {
	name := file.directory + "/" + file.encoded + suffix
	unlock, err := b.locks.lock(ctx, root, name)
	if err != nil {
		return false, err
	}
	defer unlock()
	info, err := root.Lstat(name)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist), absent(err)
	}
	if !info.Mode().IsRegular() || !info.ModTime().Equal(file.written) || info.Size() != file.size || !isName(file.encoded) {
		return false, nil
	}
	buffer := borrow()
	defer buffer.release()
	entry, err := lookAt(root, buffer, file.directory, file.encoded)
	if entry == nil || err != nil {
		return false, ignore(err, core.ErrCorrupt) // it is not ours to remove
	}
	err = absent(remove(root, name))
	return err == nil, err
}

// ignore returns nil for an error that matches the target.
func ignore(err, target error) error {
	if errors.Is(err, target) {
		return nil
	}
	return err
}

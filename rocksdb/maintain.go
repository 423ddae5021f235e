package rocksdb

import (
	"context"
	"os"
	"path/filepath"

	"github.com/go-keyvalue/keyvalue/core"
)

// Checkpoint makes a copy of the database, as it is at one moment, in a
// directory that is not there yet, for its owner alone. It is a database that
// [New] opens. On the same file system the copy shares the files of tables, so
// that it takes little time and space. The context is looked at before.
func (s *Store) Checkpoint(ctx context.Context, directory string) error {
	return s.outside(ctx, "checkpoint", func(b *backend) error {
		if directory == "" {
			return invalidOptions("the directory has no name")
		}
		path, err := filepath.Abs(directory)
		if err != nil {
			return err
		}
		if err := b.db.Checkpoint(path); err != nil {
			return err
		}
		return os.Chmod(path, 0o700)
	})
}

// Flush puts everything that was written so far on the disk, which is of use
// where [Options].Sync is not set. The context is looked at before.
func (s *Store) Flush(ctx context.Context) error {
	return s.outside(ctx, "flush", func(b *backend) error {
		if err := b.writable(); err != nil {
			return err
		}
		return b.db.Flush()
	})
}

// Compact rewrites the tables on the disk without what was removed, and without
// what expired more than an hour ago. RocksDB does so by itself in the course of
// time. The context is looked at before: Compact may take long, and Close waits
// for it.
func (s *Store) Compact(ctx context.Context) error {
	return s.outside(ctx, "compact", func(b *backend) error {
		if err := b.writable(); err != nil {
			return err
		}
		b.db.Compact()
		return nil
	})
}

// outside makes a call that the layer knows nothing of.
func (s *Store) outside(ctx context.Context, op string, call func(*backend) error) error {
	if err := ctx.Err(); err != nil {
		return refuse(op, err)
	}
	b := s.backend
	b.outside.RLock()
	defer b.outside.RUnlock()
	if b.closed {
		return refuse(op, core.ErrClosed)
	}
	if err := call(b); err != nil {
		return refuse(op, failure(err))
	}
	return nil
}

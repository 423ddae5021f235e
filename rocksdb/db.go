package rocksdb

import (
	"context"
	"strings"
)

// DB is the database below a [Store], with keys and values as they are stored.
// It is for looking at them, and at RocksDB itself. What is written through it
// must have the layout that the package comment describes, or a key without ::,
// and be it that DestroyCollection is to leave it; Destroy removes everything.
//
// Its methods are safe for concurrent use, wait for nobody, and are
// core.ErrClosed once the store is closed. Errors are of type [core.Error].
type DB struct{ store *Store }

// DB returns the database below the store.
func (s *Store) DB() *DB { return &DB{s} }

// Get appends the value under the key to dst, and reports whether there is one.
// Without one, and with an error, value is dst.
func (d *DB) Get(key, dst []byte) (value []byte, found bool, err error) {
	value = dst
	err = d.store.outside(context.Background(), "get", func(b *backend) (err error) {
		value, found, err = b.db.Get(key, dst)
		return err
	})
	return value, found, err
}

// Put writes the value under the key. It waits for the disk if Options.Sync was
// set.
func (d *DB) Put(key, value []byte) error {
	return d.write("put", func(b *backend) error { return b.db.Put(key, value) })
}

// Delete removes the value under the key, if there is one.
func (d *DB) Delete(key []byte) error {
	return d.write("delete", func(b *backend) error { return b.db.Delete(key) })
}

// Property returns what RocksDB tells about itself under a name such as
// "rocksdb.stats" or "rocksdb.estimate-num-keys". A name that it does not know is
// core.ErrInvalidOptions.
func (d *DB) Property(name string) (string, error) {
	var text string
	err := d.store.outside(context.Background(), "property", func(b *backend) error {
		known := false
		if strings.IndexByte(name, 0) < 0 {
			text, known = b.db.Property(name)
		}
		if !known {
			return invalidOptions("RocksDB has no property of that name")
		}
		return nil
	})
	return text, err
}

func (d *DB) write(op string, call func(*backend) error) error {
	return d.store.outside(context.Background(), op, func(b *backend) error {
		if err := b.writable(); err != nil {
			return err
		}
		return call(b)
	})
}

package rocksdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// open opens the database, makes it if there is none, and makes sure that it is
// one of ours before anything in it is changed.
func (b *backend) open(path string, o *Options) error {
	exists, err := hasDatabase(path)
	if err != nil {
		return err
	}
	settings := o.settings()
	switch {
	case !exists && (o.NoCreate || o.ReadOnly):
		return fmt.Errorf("%w: there is no database in %s", fs.ErrNotExist, path)
	case o.ReadOnly:
		b.db, err = openToRead(path, settings)
		return err
	case !exists:
		if err := makeDirectory(path); err != nil {
			return err
		}
	}
	if b.occupied, err = occupy(path); err != nil {
		return err
	}
	b.db, err = openToWrite(path, settings, exists)
	if err != nil {
		b.occupied.leave()
	}
	return err
}

func (o *Options) settings() librocksdb.Settings {
	compression, _ := o.Compression.number() // which was checked
	size := o.CacheSize
	if size == 0 {
		size = DefaultCacheSize
	}
	return librocksdb.Settings{
		Create:      !o.NoCreate,
		ReadOnly:    o.ReadOnly,
		Sync:        o.Sync,
		CacheSize:   uint64(size),
		Compression: compression,
	}
}

// openToWrite opens the database to read and write. Compaction removes nothing
// until the database was found to be ours, also by a second look: nobody else
// can change it from here on.
func openToWrite(path string, settings librocksdb.Settings, exists bool) (*librocksdb.Database, error) {
	if exists {
		if err := inspect(path); errors.Is(err, ErrForeign) {
			return nil, err
		}
		// Other errors are those of a database that is in use, or that is
		// damaged, which the next lines tell better.
	}
	db, err := librocksdb.Open(path, settings)
	if err != nil {
		return nil, err
	}
	if err := claim(db); err != nil {
		db.Close()
		return nil, err
	}
	db.Arm()
	return db, nil
}

// openToRead opens the database to read only.
func openToRead(path string, settings librocksdb.Settings) (*librocksdb.Database, error) {
	families, err := librocksdb.Families(path)
	if err != nil {
		return nil, failure(err)
	}
	if families > 1 {
		return nil, fmt.Errorf("%w: it has column families", ErrForeign)
	}
	settings.ReadOnly, settings.Create = true, false
	db, err := librocksdb.Open(path, settings)
	if err != nil {
		return nil, failure(err)
	}
	if _, err := isOurs(db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// inspect looks at the database without changing anything in the directory.
func inspect(path string) error {
	db, err := openToRead(path, librocksdb.Settings{FewFiles: true, Compression: -1})
	if err == nil {
		db.Close()
	}
	return err
}

// hasDatabase reports whether the directory holds a database, of whomever.
func hasDatabase(path string) (bool, error) {
	_, err := os.Stat(filepath.Join(path, "CURRENT"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// makeDirectory makes the directory, for its owner alone. One that exists may be
// empty, or hold what RocksDB leaves if it is interrupted while it makes a
// database. Other files are not put at risk: RocksDB removes those whose names
// look like those of its own.
func makeDirectory(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	files, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, file := range files {
		if !isLeftOver(file.Name()) {
			return fmt.Errorf("%w: the directory holds other files, such as %.100q", ErrForeign, file.Name())
		}
	}
	return nil
}

func isLeftOver(name string) bool {
	for _, prefix := range []string{"LOCK", "LOG", "IDENTITY", "MANIFEST-", "OPTIONS-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return strings.HasSuffix(name, ".dbtmp") || name == "lost+found"
}

package keyring

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
)

// files is a ring of encrypted files. The driver makes the directory to read
// from it, takes what it cannot list for empty, and overwrites files in place:
// a crash would leave half of one. So the directory is looked at here, and an
// item is written under another name first.
type files struct {
	plain
	dir string
}

func newFiles(p plain, dir string) (*files, error) {
	expanded, err := keyring.ExpandTilde(dir)
	if err != nil || expanded == "" {
		return nil, invalidOptions("the ring has no directory")
	}
	return &files{p, expanded}, nil
}

// stagingMarker is what the names of files begin with that are being written.
const stagingMarker = "~kv1t~"

func (f *files) path(name string) string { return filepath.Join(f.dir, name) }

func (f *files) get(name string) ([]byte, error) {
	if err := regular(f.path(name)); err != nil {
		return nil, err
	}
	data, err := f.plain.get(name)
	if err == nil || errors.Is(err, core.ErrNotFound) || errors.Is(err, core.ErrCorrupt) {
		return data, err
	}
	token, readErr := os.ReadFile(f.path(name))
	switch {
	case readErr != nil:
		return nil, readErr
	case !isToken(string(token)):
		return nil, fmt.Errorf("%w: the file is no encrypted item", core.ErrCorrupt)
	}
	return nil, fmt.Errorf("the file cannot be decrypted: another password, or damage: %w", err)
}

// regular returns core.ErrNotFound where there is nothing, and core.ErrCorrupt
// where there is something else than a file: a link may lead out of the
// directory.
func regular(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return core.ErrNotFound
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: it is not a regular file", core.ErrCorrupt)
	}
	return nil
}

// isToken reports whether a text has the form of an encrypted item, a JSON Web
// Encryption in its compact form: a header and four more parts.
func isToken(text string) bool {
	parts := strings.Split(text, ".")
	if len(parts) != 5 {
		return false
	}
	for i, part := range parts {
		data, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || len(data) == 0 {
			return false
		}
		var header struct{ Alg, Enc string }
		if i == 0 && (json.Unmarshal(data, &header) != nil || header.Alg == "" || header.Enc == "") {
			return false
		}
	}
	return true
}

func (f *files) set(name string, data []byte) error {
	staged := stagingMarker + strings.ToLower(rand.Text())
	err := f.plain.ring.Set(keyring.Item{Key: staged, Label: name, Data: data, Description: description})
	if err == nil {
		err = synced(f.path(staged))
	}
	if err == nil {
		err = os.Rename(f.path(staged), f.path(name))
	}
	if err != nil {
		_ = os.Remove(f.path(staged))
		return err
	}
	return synced(f.dir)
}

func (f *files) remove(name string) error {
	if _, err := os.Lstat(f.path(name)); errors.Is(err, fs.ErrNotExist) {
		return core.ErrNotFound
	} else if err != nil {
		return err
	}
	if err := f.plain.remove(name); err != nil {
		return err
	}
	return synced(f.dir)
}

func (f *files) names() ([]string, error) {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	all := make([]string, 0, len(entries))
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), stagingMarker) {
			all = append(all, entry.Name())
		}
	}
	return all, err
}

// ping looks whether the directory can be listed. One that is not there yet is
// made by the first write.
func (f *files) ping() error {
	dir, err := os.Open(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err = dir.Readdirnames(1); errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}

func (f *files) prepare() error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	return f.tidy()
}

// abandoned is the age from which a file that is being written is not any more.
const abandoned = time.Hour

func (f *files) tidy() error {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), stagingMarker) {
			continue
		}
		info, err := entry.Info()
		if err == nil && time.Since(info.ModTime()) > abandoned {
			err = os.Remove(f.path(entry.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/go-keyvalue/keyvalue/core"
)

// password is a ring in a store of the program pass. The driver takes an item
// that it cannot look at for one that is not there.
type password struct {
	plain
	root, command, dir string
}

func newPassword(p plain, root, command, prefix string) *password {
	return &password{p, root, command, filepath.Join(root, prefix)}
}

// look returns core.ErrNotFound where there is no item, and an error where that
// cannot be told, such as without a store.
func (p *password) look(name string) error {
	err := regular(filepath.Join(p.dir, name+".gpg"))
	if errors.Is(err, core.ErrNotFound) {
		if missing := p.initialized(); missing != nil {
			return missing
		}
	}
	return err
}

// initialized returns an error where there is no store.
func (p *password) initialized() error {
	if _, err := os.Stat(filepath.Join(p.root, ".gpg-id")); err != nil {
		return fmt.Errorf("no password store: %w", err)
	}
	return nil
}

func (p *password) get(name string) ([]byte, error) {
	if err := p.look(name); err != nil {
		return nil, err
	}
	data, err := p.plain.get(name)
	return data, p.attributed(err)
}

// attributed says whose exit status it is.
func (p *password) attributed(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("pass failed, and told why on the standard error: %w", err)
	}
	return err
}

func (p *password) set(name string, data []byte) error {
	if err := p.initialized(); err != nil {
		return err
	}
	return p.attributed(p.plain.set(name, data))
}

func (p *password) remove(name string) error {
	if err := p.look(name); err != nil && !errors.Is(err, core.ErrCorrupt) {
		return err
	}
	return p.attributed(p.plain.remove(name))
}

func (p *password) names() ([]string, error) {
	if err := p.initialized(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(p.dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return p.plain.names()
}

// ping looks for the store and the program; asking the program would need the
// key.
func (p *password) ping() error {
	if _, err := exec.LookPath(p.command); err != nil {
		return err
	}
	return p.initialized()
}

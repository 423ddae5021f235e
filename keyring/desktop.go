package keyring

import (
	"bytes"
	"errors"
	"reflect"

	"github.com/go-keyvalue/keyvalue/core"
)

// keychain is a ring in the Keychain of macOS. It answers that there is no such
// item whatever has happened; its list does not.
type keychain struct{ plain }

func (k *keychain) get(name string) ([]byte, error) {
	data, err := k.plain.get(name)
	if !errors.Is(err, core.ErrNotFound) {
		return data, err
	}
	listed, err := contains(k.plain, name)
	switch {
	case err != nil:
		return nil, err
	case listed:
		return nil, errors.New("the item is there and could not be read: the keychain may be locked, or access was denied")
	}
	return nil, core.ErrNotFound
}

func (k *keychain) ping() error {
	_, err := k.names()
	return err
}

// kwallet is a ring in a wallet of KDE. The driver does not look whether the
// wallet was opened, nor at what writing and removing return.
type kwallet struct {
	plain
	handle reflect.Value // negative: the wallet is not open
}

func (k *kwallet) opened(err error) error {
	if err == nil && k.handle.Int() < 0 {
		return errors.New("the wallet was not opened")
	}
	return err
}

func (k *kwallet) get(name string) ([]byte, error) {
	data, err := k.plain.get(name)
	if errors.Is(err, core.ErrNotFound) {
		if closed := k.opened(nil); closed != nil {
			return nil, closed
		}
	}
	return data, err
}

func (k *kwallet) set(name string, data []byte) error {
	if err := k.opened(k.plain.set(name, data)); err != nil {
		return err
	}
	written, err := k.get(name)
	if err != nil || !bytes.Equal(written, data) {
		return errors.Join(errors.New("the wallet did not keep the item"), err)
	}
	return nil
}

func (k *kwallet) remove(name string) error {
	if err := k.opened(k.plain.remove(name)); err != nil {
		return err
	}
	if _, err := k.get(name); !errors.Is(err, core.ErrNotFound) {
		return errors.Join(errors.New("the wallet did not remove the item"), err)
	}
	return nil
}

func (k *kwallet) names() ([]string, error) {
	all, err := k.plain.names()
	return all, k.opened(err)
}

func (k *kwallet) ping() error {
	if err := k.plain.ping(); err != nil {
		return err
	}
	return k.opened(nil)
}

// wincred is a ring in the Credential Manager of Windows. Its list is empty
// where it failed, so that the system is asked first.
type wincred struct{ plain }

func (w *wincred) names() ([]string, error) {
	if err := canListCredentials(); err != nil {
		return nil, err
	}
	return w.plain.names()
}

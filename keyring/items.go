package keyring

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
)

// items is a ring that says what fails. Several rings of the driver answer
// that an item is not there, or that there are none, where they could not look:
// each of those has an implementation of its own, which looks.
type items interface {
	// get returns the data of an item, a bare core.ErrNotFound, or an error
	// that matches core.ErrCorrupt where there is something else.
	get(name string) ([]byte, error)

	set(name string, data []byte) error

	// remove removes an item, or returns core.ErrNotFound. Some rings cannot
	// tell, and return nil.
	remove(name string) error

	// names returns the names of all items, in any order.
	names() ([]string, error)

	// ping looks whether the ring can be reached.
	ping() error

	// prepare makes what the first write needs, and tidy removes what was left
	// behind by writes that were interrupted.
	prepare() error
	tidy() error
}

// plain is a ring that is taken at its word.
type plain struct{ ring keyring.Keyring }

func (p plain) get(name string) ([]byte, error) {
	item, err := p.ring.Get(name)
	switch {
	case errors.Is(err, keyring.ErrKeyNotFound):
		return nil, core.ErrNotFound
	case isMalformed(err):
		return nil, fmt.Errorf("%w: the driver did not write this item", core.ErrCorrupt)
	case err != nil:
		return nil, err
	}
	return item.Data, nil
}

// isMalformed reports whether the driver found no item in what it has read,
// which it expects to be JSON. Its error may quote a part of that.
func isMalformed(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var base base64.CorruptInputError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.As(err, &base)
}

func (p plain) set(name string, data []byte) error {
	return p.ring.Set(keyring.Item{Key: name, Label: name, Data: data, Description: description})
}

// description is what programs of the desktop show beside an item.
const description = "entry of a key-value store"

func (p plain) remove(name string) error {
	err := p.ring.Remove(name)
	if errors.Is(err, keyring.ErrKeyNotFound) || errors.Is(err, os.ErrNotExist) {
		return core.ErrNotFound
	}
	return err
}

func (p plain) names() ([]string, error) { return p.ring.Keys() }

// ping asks for an item that is not there.
func (p plain) ping() error {
	if _, err := p.get(absentName); err != nil && !errors.Is(err, core.ErrNotFound) && !errors.Is(err, core.ErrCorrupt) {
		return err
	}
	return nil
}

// absentName is the name of no item: it has the form of an escaped name that
// nothing is escaped to.
const absentName = "~kv1~"

func (p plain) prepare() error { return nil }
func (p plain) tidy() error    { return nil }

// examine returns what kind of ring this is, and the access to it.
func examine(ring keyring.Keyring, stated keyring.BackendType) (*kind, items, error) {
	if ring == nil {
		return nil, nil, invalidOptions("the ring is nil")
	}
	value := reflect.ValueOf(ring)
	if value.Kind() == reflect.Pointer && value.IsNil() {
		return nil, nil, invalidOptions("the ring is a nil pointer")
	}
	told := typeOf(value)
	if stated != "" && told != "" && stated != told {
		return nil, nil, invalidOptions("Backend is %q, and the ring is one of %q", stated, told)
	}
	if told == "" {
		k := unknown
		if stated != "" {
			if k = kinds[stated]; k == nil {
				return nil, nil, invalidOptions("Backend is none of the driver's")
			}
		}
		return k, plain{ring}, nil
	}
	access, err := accessTo(ring, value.Elem(), told)
	return kinds[told], access, err
}

// typeOf returns the backend of the driver whose type a ring has.
func typeOf(value reflect.Value) keyring.BackendType {
	if value.Kind() != reflect.Pointer || value.Type().Elem().PkgPath() != reflect.TypeFor[keyring.Item]().PkgPath() {
		return ""
	}
	switch value.Type().Elem().Name() {
	case "secretsKeyring":
		return keyring.SecretServiceBackend
	case "kwalletKeyring":
		return keyring.KWalletBackend
	case "keychain":
		return keyring.KeychainBackend
	case "keyctlKeyring":
		return keyring.KeyCtlBackend
	case "windowsKeyring":
		return keyring.WinCredBackend
	case "passKeyring":
		return keyring.PassBackend
	case "fileKeyring":
		return keyring.FileBackend
	}
	return ""
}

// accessTo returns the access to a ring of the driver. Where the driver hides
// errors, what it works with is read out of its ring, to look at that first.
func accessTo(ring keyring.Keyring, fields reflect.Value, backend keyring.BackendType) (items, error) {
	p := plain{ring}
	switch backend {
	case keyring.SecretServiceBackend:
		return &secretService{p}, nil
	case keyring.KeychainBackend:
		return &keychain{p}, nil
	case keyring.WinCredBackend:
		return &wincred{p}, nil
	case keyring.KWalletBackend:
		handle := fields.FieldByName("handle")
		if !handle.IsValid() || !handle.CanInt() {
			return nil, unknownRing(backend)
		}
		return &kwallet{p, handle}, nil
	case keyring.PassBackend:
		dir, command, prefix := fields.FieldByName("dir"), fields.FieldByName("passcmd"), fields.FieldByName("prefix")
		if !isText(dir) || !isText(command) || !isText(prefix) {
			return nil, unknownRing(backend)
		}
		return newPassword(p, dir.String(), command.String(), prefix.String()), nil
	case keyring.FileBackend:
		dir, password := fields.FieldByName("dir"), fields.FieldByName("passwordFunc")
		if !isText(dir) || password.Kind() != reflect.Func {
			return nil, unknownRing(backend)
		}
		if password.IsNil() {
			return nil, invalidOptions("the ring has no function for its password")
		}
		return newFiles(p, dir.String())
	}
	return p, nil
}

func isText(field reflect.Value) bool { return field.IsValid() && field.Kind() == reflect.String }

func unknownRing(backend keyring.BackendType) error {
	return invalidOptions("the ring of %s is one of a version of the driver that is not known", backend)
}

// contains reports whether a ring lists a name.
func contains(p plain, name string) (bool, error) {
	all, err := p.names()
	if err != nil {
		return false, err
	}
	for _, listed := range all {
		if strings.EqualFold(listed, name) {
			return true, nil
		}
	}
	return false, nil
}

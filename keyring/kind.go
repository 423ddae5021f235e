package keyring

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// kind is what a backend of the driver takes.
type kind struct {
	backend keyring.BackendType // empty: one that the driver does not have
	files   bool                // an item is a file of its name

	// names describes the names of items. MaxBytes includes the prefix.
	names names.SchemeOptions

	// maxValue is the largest value in bytes, 0 for any. Where the backend
	// limits the item, maxName is how many bytes the collection may have in
	// JSON, and the key too, so that the rest is left to the value.
	maxValue, maxName int
}

const (
	// printable is what every backend takes that takes any character.
	printable = names.Graphic + " "

	// maxMessage is the largest value that is sent over D-Bus. The driver puts
	// each byte into a message by itself, and the Secret Service keeps values in
	// locked memory and writes all of them again for each that changes: a call
	// with 16 MiB takes many seconds.
	maxMessage = 256 << 10
)

// fileNames are the characters of file names: what package names has for them,
// and the colon between collection and key where it is a character like any
// other. Without `%`, which the driver escapes again.
func fileNames(suffix string) names.SchemeOptions {
	o := names.FileNameOptions()
	o.Allowed = strings.ReplaceAll(o.Allowed, "%", "")
	if runtime.GOOS != "windows" {
		o.Allowed += ":"
	}
	o.MaxBytes = 255 - len(suffix)
	o.Escape = '='
	o.Reserved = func(name string) bool {
		return names.ReservedFileName(name) || name[0] == '-' || strings.HasPrefix(name, stagingMarker)
	}
	return o
}

// kinds are the backends of the driver.
var kinds = map[keyring.BackendType]*kind{
	keyring.SecretServiceBackend: {
		backend:  keyring.SecretServiceBackend,
		names:    names.SchemeOptions{Allowed: printable, NonASCII: true, MaxBytes: 1000},
		maxValue: maxMessage,
	},
	keyring.KWalletBackend: {
		backend:  keyring.KWalletBackend,
		names:    names.SchemeOptions{Allowed: printable, NonASCII: true, MaxBytes: 1000},
		maxValue: maxMessage,
	},
	keyring.KeychainBackend: { // whether it normalizes Unicode is not documented
		backend: keyring.KeychainBackend,
		names:   names.SchemeOptions{Allowed: printable, MaxBytes: 1000},
	},
	keyring.KeyCtlBackend: { // the driver takes a semicolon for the end of a field
		backend:  keyring.KeyCtlBackend,
		names:    names.SchemeOptions{Allowed: strings.ReplaceAll(printable, ";", ""), NonASCII: true, MaxBytes: 1000},
		maxValue: 30_000, maxName: 1000,
	},
	keyring.WinCredBackend: { // Wine keeps credentials under names of up to 255 characters
		backend: keyring.WinCredBackend,
		names: names.SchemeOptions{
			Allowed: strings.NewReplacer("*", "", "?", "", `\`, "").Replace(printable), FoldCase: true, MaxBytes: 190,
			Reserved: func(name string) bool { return strings.Trim(name, " ") != name },
		},
		maxValue: 1_900, maxName: 200,
	},
	keyring.PassBackend: {backend: keyring.PassBackend, files: true, names: fileNames(".gpg")},
	keyring.FileBackend: {backend: keyring.FileBackend, files: true, names: fileNames("")},
}

// unknown is a ring of which nothing is known.
var unknown = &kind{names: names.SchemeOptions{
	Allowed: names.Digits + names.Lower + names.Upper + "-._~%:", FoldCase: true, MaxBytes: 200,
	Reserved: func(name string) bool { return name[0] == '-' || name[0] == '.' },
}}

// scheme returns the scheme for names behind a prefix of so many bytes.
func (k *kind) scheme(prefix int) *names.Scheme {
	options := k.names
	options.MaxBytes -= prefix
	return names.MustScheme(options)
}

// title is what to call the backend in errors.
func (k *kind) title() string {
	if k.backend == "" {
		return "an unknown ring"
	}
	return string(k.backend)
}

// checkName returns a check of the lengths of names, or nil where any will do.
func (k *kind) checkName() func(collection, key string) error {
	if k.maxName == 0 {
		return nil
	}
	return func(collection, key string) error {
		if inJSON(collection) > k.maxName || inJSON(key) > k.maxName {
			return fmt.Errorf("%w: %s takes names of up to %d bytes in JSON", core.ErrInvalidKey, k.backend, k.maxName)
		}
		return nil
	}
}

// inJSON returns how many bytes a name has in an envelope, or more.
func inJSON(name string) int {
	text, err := json.Marshal(name)
	if err != nil { // never, for a string
		return len(name) * 6
	}
	return max(len(text)-2, len(name))
}

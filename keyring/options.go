package keyring

import (
	"strings"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// Backend says where the ring keeps its items, which decides on the names
	// and the sizes that it takes. Empty: the type of the ring tells. It has to
	// be set only for a ring that wraps one of the driver's, and then the store
	// trusts that ring to report what fails. A type that the driver does not
	// have is taken for one that sees no difference between upper and lower
	// case and takes ASCII alone.
	Backend keyring.BackendType

	// Prefix is put before the name of every item, so that other programs, and
	// other stores, can use the same ring. It consists of ASCII letters,
	// digits and `._-/`, does not begin with a dot, a dash or a slash, and has
	// at most 100 bytes. Backends that fold case take no upper-case letters,
	// and `file` and `pass` no slash. Empty: items have the names that the
	// Python library gives them.
	Prefix string
}

// checkPrefix returns why a prefix is refused, or nil.
func checkPrefix(prefix string, k *kind) error {
	switch {
	case len(prefix) > maxPrefix:
		return invalidOptions("the prefix has more than %d bytes", maxPrefix)
	case strings.Trim(prefix, names.Digits+names.Lower+names.Upper+"._-/") != "":
		return invalidOptions("the prefix has other characters than letters, digits and ._-/")
	case strings.HasPrefix(prefix, ".") || strings.HasPrefix(prefix, "-") || strings.HasPrefix(prefix, "/"):
		return invalidOptions("the prefix begins with %q", prefix[:1])
	case k.files && strings.Contains(prefix, "/"):
		return invalidOptions("the prefix has a slash, which is that of a directory in %s", k.backend)
	case k.names.FoldCase && strings.ToLower(prefix) != prefix:
		return invalidOptions("the prefix has upper-case letters, which %s takes for lower-case ones", k.title())
	}
	return nil
}

// maxPrefix leaves room for a hash on every backend.
const maxPrefix = 100

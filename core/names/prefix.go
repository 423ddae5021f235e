package names

import (
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// Prefix puts a prefix and `__` before names and takes them off again, as the
// reference's wrappers for prefixed keys and prefixed collections do.
//
// Names under two different prefixes are never the same, whatever prefixes and
// names contain: a prefix that contains `__`, ends in `_` or starts with
// [Marker] is escaped as the package comment says. Every other prefix, and
// every name, is that of the reference.
//
// The zero Prefix adds nothing and takes off nothing.
type Prefix struct {
	head string
}

// NewPrefix returns the Prefix for the given string. An empty one is refused
// with an error that matches core.ErrInvalidOptions: it sets nothing apart.
func NewPrefix(prefix string) (Prefix, error) {
	if prefix == "" {
		return Prefix{}, fmt.Errorf("%w: the prefix is empty", core.ErrInvalidOptions)
	}
	return Prefix{Joiner{}.Head(prefix)}, nil
}

// Add returns the name with the prefix before it.
func (p Prefix) Add(name string) string {
	return p.head + name
}

// Strip undoes Add. It reports false, and returns an empty string, if the name
// is not under this prefix.
func (p Prefix) Strip(name string) (string, bool) {
	if !strings.HasPrefix(name, p.head) {
		return "", false
	}
	return name[len(p.head):], true
}

// String returns what Add puts before a name, escaped and with the `__`.
func (p Prefix) String() string {
	return p.head
}

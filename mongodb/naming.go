package mongodb

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// maxNamespace is how long the names of a database and a collection may be
// together, with the point between them: that of sharded collections, since any
// collection may become one. Others may have 255 bytes.
const maxNamespace = 235

// maxPlain is the longest name of a MongoDB collection that the Python library
// makes.
const maxPlain = 200

// newScheme returns the scheme for the names of collections in a database.
// What the drivers of some languages refuse is encoded as well.
func newScheme(database string) *names.Scheme {
	var allowed strings.Builder
	for c := range byte(0x80) {
		if c != 0 && c != '$' {
			allowed.WriteByte(c)
		}
	}
	return names.MustScheme(names.SchemeOptions{
		Allowed:  allowed.String(),
		NonASCII: true,
		MaxBytes: min(maxPlain, maxNamespace-1-len(database)),
		Reserved: reserved,
	})
}

// reserved reports whether MongoDB or a driver of it does not take a name for
// another reason than its characters.
func reserved(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.Contains(name, "..") ||
		strings.HasPrefix(name, "system.") || strings.Contains(name, ".system.")
}

// physical returns the name of the MongoDB collection that a collection is in.
func (b *backend) physical(collection string) string {
	// The strategy refuses names that look like what it makes of others.
	if b.v1 != nil && b.v1.Validate(collection) == nil {
		return b.v1.Sanitize(collection)
	}
	return b.scheme.Encode(collection)
}

// checkName refuses names that are longer than the store takes.
func checkName(collection, key string) error {
	switch {
	case len(collection) > MaxCollection:
		return fmt.Errorf("%w: the collection has more than %d bytes", core.ErrInvalidKey, MaxCollection)
	case len(key) > MaxKey:
		return fmt.Errorf("%w: it has more than %d bytes", core.ErrInvalidKey, MaxKey)
	}
	return nil
}

// idOf returns the `_id` of the document of a key. It is what makes the key
// unique: an index on the key could not be, where the Python library has made
// a plain one.
func idOf(key string) [sha256.Size]byte { return sha256.Sum256([]byte(key)) }

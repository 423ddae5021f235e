package memcached

import (
	"strings"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// maxName is the longest name of an item, in bytes.
const maxName = 250

// naming is how collections and keys become the names of items.
type naming struct {
	scheme *names.Scheme
	v1     bool
}

// marker is what an escaped name begins with. It is not that of package names,
// which a compound key may begin with that needs no more escaping.
const marker = "~kv1e~"

// The server takes every byte but control characters, a space and DEL. Its
// names have no collections: what is encoded is the compound key.
var (
	plainNaming = naming{scheme: names.MustScheme(names.SchemeOptions{
		Allowed:  names.Graphic,
		NonASCII: true,
		MaxBytes: maxName,
		Marker:   marker,
	})}

	// Under the reference's strategy a name with one of its marks is its own
	// output, so that what begins with one otherwise has to be encoded.
	v1Naming = naming{v1: true, scheme: names.MustScheme(names.SchemeOptions{
		Allowed:  names.Graphic,
		NonASCII: true,
		MaxBytes: maxName,
		Marker:   marker,
		Reserved: func(name string) bool {
			return strings.HasPrefix(name, "H_") || strings.HasPrefix(name, "S_")
		},
	})}
)

// newNaming returns the naming of the reference's strategy, or the usual one.
func newNaming(v1 bool) naming {
	if v1 {
		return v1Naming
	}
	return plainNaming
}

// item returns the name of the item that holds the entry. Different entries
// have different ones, unless their SHA-256 is the same.
func (n naming) item(collection, key string) string {
	compound := names.Compound(collection, key)
	if n.v1 {
		strategy := names.MemcachedV1Key()
		if strategy.Validate(compound) == nil {
			if name := strategy.Sanitize(compound); name != compound {
				return name // a hash, which every server takes
			}
		}
	}
	return n.scheme.Encode(compound)
}

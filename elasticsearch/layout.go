package elasticsearch

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// layout says where the entries are.
type layout struct {
	prefix      string
	single, v1  bool
	collections *names.Scheme
}

const (
	maxIndex = 255 // bytes of the name of an index
	maxID    = 512 // bytes of the id of a document
)

// ids is the scheme of the ids of documents: they may be anything that is not
// too long.
var ids = names.MustScheme(names.SchemeOptions{Allowed: ascii(), NonASCII: true, MaxBytes: maxID})

func ascii() string {
	var all [0x80]byte
	for i := range all {
		all[i] = byte(i)
	}
	return string(all[:])
}

// indexCharacters are those of ASCII that the names of indices may have, but
// for a few that proxies or shells take for something else.
const indexCharacters = names.Digits + names.Lower + "!$%&'()+-.;=@[]^_`{}~"

func newLayout(o *Options) layout {
	return layout{
		prefix: o.Prefix, single: o.SingleIndex, v1: o.V1Names,
		collections: names.MustScheme(names.SchemeOptions{
			Allowed:  indexCharacters,
			NonASCII: true,
			MaxBytes: maxIndex - len(o.Prefix) - len("-"),
			Reserved: changeable,
		}),
	}
}

// changeable reports whether a name holds a character beyond ASCII that
// Elasticsearch might take for an upper-case one, or that nothing is known
// about. Which ones have a lower case depends on the version of its Java: those
// that are not letters, marks, numbers or symbols are left to the encoding.
func changeable(name string) bool {
	for _, r := range name {
		if r >= 0x80 && (unicode.ToLower(r) != r || !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.S)) {
			return true
		}
	}
	return false
}

// check refuses names that are too long, or that the strategies refuse. The
// key is empty where a collection is meant.
func (l *layout) check(collection, key string) error {
	switch {
	case len(collection) > MaxCollection:
		return fmt.Errorf("%w: the collection has %d bytes, more than %d", core.ErrInvalidKey, len(collection), MaxCollection)
	case len(key) > MaxKey:
		return fmt.Errorf("%w: the key has %d bytes, more than %d", core.ErrInvalidKey, len(key), MaxKey)
	case !l.v1:
		return nil
	}
	if err := names.ElasticsearchV1Collection().Validate(collection); err != nil {
		return err
	}
	return names.ElasticsearchV1Key().Validate(key)
}

// index returns the name of the index of a collection.
func (l *layout) index(collection string) string {
	switch {
	case l.single:
		return l.prefix
	case l.v1:
		return strings.ToLower(l.prefix + "-" + names.ElasticsearchV1Collection().Sanitize(collection))
	}
	return l.prefix + "-" + l.collections.Encode(collection)
}

// id returns the id of the document of an entry.
func (l *layout) id(collection, key string) string {
	switch {
	case l.single:
		return ids.Encode(names.Compound(collection, key))
	case l.v1:
		return names.ElasticsearchV1Key().Sanitize(key)
	}
	return ids.Encode(key)
}

// pattern matches the names of all indices of the store, and maybe of others.
func (l *layout) pattern() string {
	if l.single {
		return l.prefix
	}
	return l.prefix + "-*"
}

// collection returns the collection whose index has the name, if the name
// alone says that.
func (l *layout) collection(index string) (string, bool) {
	if l.single || l.v1 {
		return "", false
	}
	return l.collections.Decode(strings.TrimPrefix(index, l.prefix+"-"))
}

// key returns the key whose document has the id, if the id alone says that.
func (l *layout) key(collection, id string) (string, bool) {
	if l.v1 {
		return "", false
	}
	key, ok := ids.Decode(id)
	if ok && l.single {
		var found string
		found, key, ok = names.SplitCompound(key)
		ok = ok && found == collection
	}
	return key, ok && key != ""
}

// holds reports whether the entry of that name lies in that place.
func (l *layout) holds(index, id, collection, key string) bool {
	return collection != "" && key != "" && l.index(collection) == index && l.id(collection, key) == id
}

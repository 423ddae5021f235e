package vault

import (
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// separator stands between the collection and the key in the name of a secret.
// An encoded collection neither contains it nor ends in a part of it, so the
// first one in a name is that one.
const separator = "::"

// The collection and the key are encoded each for itself, so that all names of
// one collection begin alike, hashed or not. The longest name has 457 bytes.
// The server encrypts names, which makes them almost twice as long and a half
// of that again: this is what most storages take.
var (
	collections = names.MustScheme(names.SchemeOptions{
		Allowed:  allowed,
		MaxBytes: 200,
		Reserved: func(name string) bool {
			return unsafe(name) || strings.Contains(name, separator) || strings.HasSuffix(name, ":")
		},
	})
	keys = names.MustScheme(names.SchemeOptions{Allowed: allowed, MaxBytes: 255, Reserved: unsafe})
)

// A slash would make a folder. The server refuses whatever its version of
// Unicode does not call printable; only ASCII is the same in all versions.
var allowed = strings.ReplaceAll(names.Graphic, "/", "") + " "

// unsafe reports whether a name could be cleaned by what is on the way: two dots
// are refused by some storages, and a space at an end gets lost.
func unsafe(name string) bool {
	return strings.Contains(name, "..") || strings.TrimSpace(name) != name
}

// secretName returns the name of the secret of an entry.
func secretName(collection, key string) string {
	return prefixOf(collection) + keys.Encode(key)
}

// prefixOf returns what the names of all secrets of the collection begin with.
func prefixOf(collection string) string {
	return collections.Encode(collection) + separator
}

// splitName takes the name of a secret apart, and reports whether secretName
// may have made it. The collection or the key is empty where it was hashed.
func splitName(name string) (collection, key string, ok bool) {
	encodedCollection, encodedKey, ok := strings.Cut(name, separator)
	if !ok {
		return "", "", false
	}
	collection, ok = original(collections, encodedCollection)
	if !ok || core.CheckCollection(collection) != nil {
		return "", "", false
	}
	key, ok = original(keys, encodedKey)
	if !ok || key != "" && core.CheckKey(key) != nil {
		return "", "", false
	}
	return collection, key, true
}

// original returns the name that a scheme has encoded, or nothing for a hash.
func original(scheme *names.Scheme, encoded string) (name string, ok bool) {
	if scheme.Hashed(encoded) {
		return "", true
	}
	name, ok = scheme.Decode(encoded)
	return name, ok && name != ""
}

// isOurs reports whether an entry of those names belongs under that name of a
// secret, where this library or Python has put it.
func isOurs(name, collection, key string) bool {
	if collection == "" || core.CheckKey(key) != nil {
		return false
	}
	return secretName(collection, key) == name || collection+separator+key == name
}

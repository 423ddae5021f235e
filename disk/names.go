package disk

import (
	"strings"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// scheme encodes collections as names of directories and keys as names of
// files without their suffix.
var scheme = names.MustScheme(schemeOptions())

const (
	suffix     = ".json"
	infoSuffix = "-info.json" // of a file that Python has for a collection, beside its directory
)

func schemeOptions() names.SchemeOptions {
	o := names.FileNameOptions()
	reserved := o.Reserved
	o.Reserved = func(name string) bool {
		// A directory must not be called like Python's file of another collection.
		return reserved(name) || strings.HasSuffix(name, infoSuffix)
	}
	return o
}

// fileOf returns the path of an entry, from the root on. Root takes slashes on
// every system.
func fileOf(collection, key string) string {
	return scheme.Encode(collection) + "/" + scheme.Encode(key) + suffix
}

// encodedKey returns the part of a file's name that stands for the key, and
// false for a file that is no entry: one that is being written by Python, for
// example.
func encodedKey(file string) (string, bool) {
	if strings.HasPrefix(file, ".") {
		return "", false
	}
	encoded, ok := strings.CutSuffix(file, suffix)
	return encoded, ok && encoded != ""
}

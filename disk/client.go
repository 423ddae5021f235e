package disk

import (
	"path/filepath"
	"strings"

	"github.com/peterbourgon/diskv/v3"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// Client returns a diskv over the same files, for looking at them and for
// programs that use diskv. Its keys are compound: the collection, ::, and the
// key, escaped as package core/names says. What it reads and writes are the
// texts of entries; a write of it is atomic, but takes no lock of the store.
// It must not be used with names that lead elsewhere through symbolic links.
func (s *Store) Client() *diskv.Diskv {
	return diskv.New(diskv.Options{
		BasePath:          s.directory,
		TempDir:           filepath.Join(s.directory, temporaryDirectory),
		AdvancedTransform: pathKeyOf,
		InverseTransform:  compoundOf,
		PathPerm:          s.options.directoryMode(),
		FilePerm:          s.options.fileMode(),
	})
}

// pathKeyOf returns where the entry of a compound key lies. What is no compound
// key lies among the temporary files, so that it is nobody's entry.
func pathKeyOf(compound string) *diskv.PathKey {
	collection, key, ok := names.SplitCompound(compound)
	if !ok || key == "" {
		return &diskv.PathKey{Path: []string{temporaryDirectory}, FileName: scheme.Encode(compound)}
	}
	return &diskv.PathKey{Path: []string{scheme.Encode(collection)}, FileName: scheme.Encode(key) + suffix}
}

// compoundOf undoes pathKeyOf, as far as names can tell: that of a hashed one
// is its encoded form.
func compoundOf(path *diskv.PathKey) string {
	collection := plainest(strings.Join(path.Path, "/"))
	return names.Compound(collection, plainest(strings.TrimSuffix(path.FileName, suffix)))
}

func plainest(encoded string) string {
	if name, ok := scheme.Decode(encoded); ok {
		return name
	}
	return encoded
}

package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// found is an entry that a walk has met.
type found struct {
	collection, key string
	managed.Envelope
}

// collectionDirectories returns the names of the directories that may be
// collections.
func collectionDirectories(root *os.Root) ([]string, error) {
	files, err := readDirectory(root, ".")
	if err != nil {
		return nil, absent(err)
	}
	var names []string
	for _, file := range files {
		if file.IsDir() && !strings.HasPrefix(file.Name(), ".") && isName(file.Name()) {
			names = append(names, file.Name())
		}
	}
	return names, nil
}

// entryFiles returns the encoded keys of the files in the directory of a
// collection, which need not be there.
func entryFiles(root *os.Root, directory string) ([]string, error) {
	files, err := readDirectory(root, directory)
	if err != nil {
		return nil, absent(err)
	}
	var names []string
	for _, file := range files {
		if encoded, ok := encodedKey(file.Name()); ok && isName(encoded) {
			names = append(names, encoded)
		}
	}
	return names, nil
}

// isName reports whether the store may have chosen an encoded name. Python has
// others, which it alone finds.
func isName(encoded string) bool {
	_, ok := scheme.Decode(encoded)
	return ok || scheme.Hashed(encoded)
}

// lookAt reads a file. It returns nil for one that has gone meanwhile, or that
// is not where an entry of its names belongs: a copy, for example. The result
// is a part of the buffer. An error that matches core.ErrCorrupt speaks of this
// file alone.
func lookAt(root *os.Root, buffer *buffer, directory, encoded string) (*found, error) {
	err := buffer.read(root, directory+"/"+encoded+suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	envelope, err := managed.Decode(buffer.data)
	if err != nil {
		return nil, err
	}
	f := &found{Envelope: envelope}
	name, ok := envelope.Collection()
	if f.collection, err = original(name, ok, directory); err != nil {
		return nil, err
	}
	name, ok = envelope.Key()
	if f.key, err = original(name, ok, encoded); err != nil {
		return nil, err
	}
	if scheme.Encode(f.collection) != directory || scheme.Encode(f.key) != encoded {
		return nil, nil
	}
	return f, nil
}

// original returns the name behind an encoded one. Python's entries do not
// contain theirs, but then nothing was encoded.
func original(inEnvelope string, ok bool, encoded string) (string, error) {
	if ok {
		return strings.Clone(inEnvelope), nil
	}
	if name, ok := scheme.Decode(encoded); ok {
		return name, nil
	}
	return "", core.ErrCorrupt
}

// eachFileOf calls visit for each file in the directory of a collection that may
// be an entry, until it returns an error or the context ends.
func eachFileOf(ctx context.Context, root *os.Root, directory string, visit func(directory, encoded string) error) error {
	files, err := entryFiles(root, directory)
	if err != nil {
		return err
	}
	for _, encoded := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(directory, encoded); err != nil {
			return err
		}
	}
	return nil
}

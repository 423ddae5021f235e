package disk

import (
	"context"
	"os"
	"path/filepath"

	"github.com/go-keyvalue/keyvalue/core"
)

// directoriesOf checks and completes MultiOptions.Directories.
func directoriesOf(path string, directories map[string]string) (map[string]string, error) {
	elsewhere := make(map[string]string)
	taken := []string{path}
	for collection, directory := range directories {
		if err := core.CheckCollection(collection); err != nil {
			return nil, invalidOptions("Directories has an illegal collection")
		}
		if directory == "" {
			return nil, invalidOptions("Directories has a directory without a name")
		}
		full, err := filepath.Abs(directory)
		if err != nil {
			return nil, err
		}
		name := core.CollectionName(collection)
		if elsewhere[name] != "" {
			return nil, invalidOptions("Directories names a collection twice")
		}
		for _, other := range taken {
			if within(full, other) || within(other, full) {
				return nil, invalidOptions("Directories has one directory twice, or one within another")
			}
		}
		taken, elsewhere[name] = append(taken, full), full
	}
	return elsewhere, nil
}

// within reports whether a directory is another one or lies in it.
func within(directory, other string) bool {
	relative, err := filepath.Rel(other, directory)
	return err == nil && filepath.IsLocal(relative)
}

// collections returns the names of the collections that have a directory.
func (m *multiBackend) collections(ctx context.Context) ([]string, error) {
	var names []string
	for collection := range m.elsewhere {
		names = append(names, collection)
	}
	root, err := os.OpenRoot(m.path)
	if err != nil {
		return names, absent(err)
	}
	defer root.Close()
	directories, err := collectionDirectories(root)
	if err != nil {
		return nil, err
	}
	for _, directory := range directories {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		collection, err := collectionAt(root, directory)
		if err != nil {
			return nil, err
		}
		if collection != "" && m.elsewhere[collection] == "" {
			names = append(names, collection)
		}
	}
	return names, nil
}

// collectionAt returns the name of the collection in a directory. A hashed one
// is known to the entries alone; without any it is "".
func collectionAt(above *os.Root, directory string) (string, error) {
	if collection, ok := scheme.Decode(directory); ok {
		return collection, nil
	}
	root, err := above.OpenRoot(directory)
	if err != nil {
		return "", absent(err)
	}
	defer root.Close()
	buffer := borrow()
	defer buffer.release()
	files, err := entryFiles(root, directory)
	for _, encoded := range files {
		if entry, err := lookAt(root, buffer, directory, encoded); err == nil && entry != nil {
			return entry.collection, nil
		}
	}
	return "", err
}

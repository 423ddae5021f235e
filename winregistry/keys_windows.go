package winregistry

import (
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// use is what a key is opened for.
type use uint32

const (
	toRead  use = registry.QUERY_VALUE
	toWrite use = registry.QUERY_VALUE | registry.SET_VALUE
)

// maxOpenKeys is how many keys are kept open at most.
const maxOpenKeys = 64

// openKeys keeps the keys of collections open: opening and closing one takes
// several times as long as reading a value in it.
type openKeys struct {
	open func(collection string, use use) (registry.Key, error)

	mutex sync.Mutex
	kept  map[keptAs]*kept
}

type keptAs struct {
	collection string
	use        use
}

// kept is an open key. It is closed when it is no longer kept and nobody uses
// it.
type kept struct {
	keptAs
	key   registry.Key
	users int
	gone  bool // no longer kept
}

func (o *openKeys) init(open func(string, use) (registry.Key, error)) {
	o.open = open
	o.kept = make(map[keptAs]*kept)
}

// get returns the key of the collection. The caller gives it back with put.
func (o *openKeys) get(collection string, use use) (*kept, error) {
	as := keptAs{collection, use}
	if k := o.find(as); k != nil {
		return k, nil
	}
	key, err := o.open(collection, use)
	if err != nil {
		return nil, err
	}
	k := &kept{keptAs: as, key: key, users: 1}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.kept[as] != nil { // somebody else was faster
		k.gone = true
		return k, nil
	}
	for _, other := range o.kept {
		if len(o.kept) < maxOpenKeys {
			break
		}
		o.drop(other) // any will do
	}
	o.kept[as] = k
	return k, nil
}

func (o *openKeys) find(as keptAs) *kept {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	k := o.kept[as]
	if k != nil {
		k.users++
	}
	return k
}

func (o *openKeys) put(k *kept) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	k.users--
	if k.gone && k.users == 0 {
		_ = k.key.Close() // nothing was changed by it that could be lost
	}
}

// forget makes the next get open the key again. The caller has it still.
func (o *openKeys) forget(k *kept) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if !k.gone {
		o.drop(k)
	}
}

// drop keeps the key no longer. The mutex is held.
func (o *openKeys) drop(k *kept) {
	delete(o.kept, k.keptAs)
	k.gone = true
	if k.users == 0 {
		_ = k.key.Close()
	}
}

// close closes all keys. Nobody uses one.
func (o *openKeys) close() error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	var errs []error
	for _, k := range o.kept {
		errs = append(errs, k.key.Close())
	}
	clear(o.kept)
	return errors.Join(errs...)
}

// openCollection opens the key of the collection.
func (b *backend) openCollection(collection string, use use) (registry.Key, error) {
	return b.openStored(keyName(collection), use)
}

// openStored opens the key of a collection by its name in the registry. A
// symbolic link is refused: it could lead anywhere.
func (b *backend) openStored(name string, use use) (registry.Key, error) {
	key, err := openKey(b.hive, b.options.Path+`\`+name, uint32(use)|b.view)
	if err != nil {
		if err := notFound(err, driver.ErrNotSetUp); err == driver.ErrNotSetUp {
			return 0, err
		}
		return 0, fmt.Errorf("opening the key %s: %w", name, err)
	}
	if isLink(key) {
		_ = key.Close()
		return 0, fmt.Errorf("%w: the key %s is a symbolic link", core.ErrCorrupt, name)
	}
	return key, nil
}

// isLink reports whether the open key is a symbolic link.
func isLink(key registry.Key) bool {
	_, valueType, err := key.GetValue("SymbolicLinkValue", nil)
	return (err == nil || err == windows.ERROR_MORE_DATA) && valueType == registry.LINK
}

// openPath opens the key that holds the collections. It may be a link: whoever
// chose the path knows.
func (b *backend) openPath(access uint32) (registry.Key, error) {
	key, err := registry.OpenKey(b.hive, b.options.Path, access|b.view)
	if err != nil {
		if err := notFound(err, driver.ErrNotSetUp); err == driver.ErrNotSetUp {
			return 0, err
		}
		return 0, fmt.Errorf("opening the key %s: %w", b.options.Path, err)
	}
	return key, nil
}

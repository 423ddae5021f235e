package dynamodb

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// found is an item that lies where an entry of this library does.
type found struct {
	collection, key string
	named           bool // the entry has both names itself
	expiresAt       time.Time
	item            item
}

// errElsewhere says that an entry names others than those under which it lies,
// so that Get does not find it.
var errElsewhere = errors.New("the entry belongs to other names")

// examine finds out whose entry an item is. It returns errElsewhere, or an
// error that matches core.ErrCorrupt, for one that is nobody's.
func examine(i item) (found, error) {
	envelope, err := envelopeOf(i)
	if err != nil {
		return found{}, err
	}
	f := found{expiresAt: envelope.ExpiresAt, item: i, named: true}
	f.collection, err = original(i, collectionAttribute, collectionNames, &f.named, envelope.Collection)
	if err != nil {
		return found{}, err
	}
	f.key, err = original(i, keyAttribute, keyNames, &f.named, envelope.Key)
	if err != nil {
		return found{}, err
	}
	if core.CheckCollection(f.collection) != nil || core.CheckKey(f.key) != nil || f.collection == "" {
		return found{}, errElsewhere // the store would not have given it
	}
	return f, nil
}

// original returns the name that a part of the primary key stands for. An
// entry without its names, which Python reads too, lies under them.
func original(i item, attribute string, scheme *names.Scheme, named *bool, inEnvelope func() (string, bool)) (string, error) {
	physical, _ := text(i, attribute)
	if name, ok := inEnvelope(); ok {
		if scheme.Encode(name) != physical {
			return "", errElsewhere
		}
		return name, nil
	}
	*named = false
	name, ok := scheme.Decode(physical)
	if !ok {
		return "", fmt.Errorf("%w: it does not have the name whose hash it lies under", core.ErrCorrupt)
	}
	return name, nil
}

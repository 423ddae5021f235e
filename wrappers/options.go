package wrappers

import (
	"fmt"
	"reflect"

	"github.com/go-keyvalue/keyvalue/core"
)

// refuseOptions returns the error of a constructor that cannot work with what
// it was given.
func refuseOptions(name, why string) error {
	return &core.Error{Op: "new", Store: name, Err: fmt.Errorf("%w: %s", core.ErrInvalidOptions, why)}
}

// sameStore reports whether both are one store. Stores that cannot be compared
// are never the same.
func sameStore(a, b core.Store) bool {
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}

package wrappers

import (
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
)

// refuseOptions returns the error of a constructor that cannot work with what
// it was given.
func refuseOptions(name, why string) error {
	return &core.Error{Op: "new", Store: name, Err: fmt.Errorf("%w: %s", core.ErrInvalidOptions, why)}
}

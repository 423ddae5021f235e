package adapters

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// ErrInvalidEntry is the error of an entry whose value is legal JSON but not a
// valid value of the type that it is read as.
var ErrInvalidEntry = errors.New("invalid entry")

// refuseOptions returns the error of a constructor that cannot work with what
// it was given.
func refuseOptions(name, why string) error {
	return &core.Error{Op: "new", Store: name, Err: fmt.Errorf("%w: %s", core.ErrInvalidOptions, why)}
}

// describe returns an error of package json without the value that its text
// may quote.
func describe(err error) error {
	var mismatch *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &mismatch):
		kind, _, _ := strings.Cut(mismatch.Value, " ") // "number 1.5"
		if mismatch.Field == "" {
			return fmt.Errorf("a JSON %s is not a %s", kind, mismatch.Type)
		}
		return fmt.Errorf("a JSON %s is not a %s, in the field %.128q", kind, mismatch.Type, mismatch.Field)
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d", syntax.Offset)
	}
	return fmt.Errorf("it does not decode (%T)", err)
}

package adapters

import (
	"context"

	"github.com/go-keyvalue/keyvalue/core"
)

// TypedOptions configure a [Typed]. Nil and the zero value are valid.
type TypedOptions struct {
	// Collection is where the entries are. Empty means core.DefaultCollection.
	Collection string

	// Shape is the JSON that is stored. Zero means what the type says.
	Shape Shape

	// Invalid says what a stored value is that is not a valid T.
	Invalid InvalidPolicy

	// OnInvalid, if set, is called with each such value's key and what is
	// wrong with it, under either policy. The context is that of the read.
	OnInvalid func(ctx context.Context, key string, err error)
}

// InvalidPolicy says what a stored value is that is not a valid T: one that
// does not decode, or that its method Validate refuses.
type InvalidPolicy int

// The policies.
const (
	InvalidIsError InvalidPolicy = iota // [ErrInvalidEntry]
	InvalidIsMiss                       // as if there were no entry
)

// Shape is the JSON that is stored for a T. A store keeps JSON objects only.
type Shape int

// The shapes.
const (
	ShapeOfType Shape = iota // objects for structs and maps, otherwise items
	ShapeObject              // the JSON of T itself, which must be an object
	ShapeItems               // {"items": …} around the JSON of T
)

func (o *TypedOptions) check() error {
	switch {
	case core.CheckCollection(o.Collection) != nil:
		return refuseOptions("typed", "Collection is not valid UTF-8")
	case o.Shape < ShapeOfType || o.Shape > ShapeItems:
		return refuseOptions("typed", "unknown Shape")
	case o.Invalid < InvalidIsError || o.Invalid > InvalidIsMiss:
		return refuseOptions("typed", "unknown Invalid")
	}
	return nil
}

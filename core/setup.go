package core

import "context"

// Setupper is implemented by stores that need something to be there before
// they can be used: a table, an index, a directory.
type Setupper interface {
	Store

	// Setup makes what the store needs. See the function Setup.
	Setup(ctx context.Context, collections ...string) error
}

// Setup makes now what the first write would make: what the store needs, and
// what each of the collections does. Call it to fail early; a write does the
// same by itself. It returns nil where there is nothing to do, and an error
// that matches [ErrSetup] where it fails.
func Setup(ctx context.Context, s Store, collections ...string) error {
	if s, ok := As[Setupper](s); ok {
		return s.Setup(ctx, collections...)
	}
	return nil
}

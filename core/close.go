package core

import "io"

// Close closes the store, and through a wrapper every store under it. A
// store that has nothing to close returns nil.
//
// Closing twice gives the same answer. After it every call on the store is
// [ErrClosed]. A client that the store borrowed stays open. Who did not open
// a store does not close it: see [KeepOpen].
func Close(s Store) error {
	if s, ok := As[io.Closer](s); ok {
		return s.Close()
	}
	return nil
}

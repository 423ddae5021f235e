package core

import (
	"io"
	"math/bits"
	"strings"
)

// Capability is a set of things that not every store can do.
// The zero Capability is the empty set; join several with |.
type Capability uint32

// The capabilities that [Supports] can be asked for. [GetAppend], [Setup] and
// [Close] are not among them: they have an answer for every store.
const (
	CanKeys              Capability = 1 << iota // [Keys]
	CanCollections                              // [Collections]
	CanDestroyCollection                        // [DestroyCollection]
	CanDestroy                                  // [Destroy]
	CanCull                                     // [Cull]
	CanInsert                                   // [Insert]
	CanPing                                     // [Ping]

	// CanAll is every capability.
	CanAll Capability = 1<<iota - 1
)

var capabilityNames = [...]string{
	"keys", "collections", "destroy collection", "destroy", "cull", "insert", "ping",
}

// Has reports whether every capability of wanted is in the set.
func (c Capability) Has(wanted Capability) bool { return c&wanted == wanted }

// Each ranges over the single capabilities of the set.
func (c Capability) Each(yield func(Capability) bool) {
	for c != 0 {
		single := c & -c
		if !yield(single) {
			return
		}
		c &^= single
	}
}

// String returns the names of the capabilities, separated by commas.
func (c Capability) String() string {
	var b strings.Builder
	for single := range c.Each {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		if i := bits.TrailingZeros32(uint32(single)); i < len(capabilityNames) {
			b.WriteString(capabilityNames[i])
		} else {
			b.WriteString("unknown")
		}
	}
	if b.Len() == 0 {
		return "none"
	}
	return b.String()
}

// Supporter is implemented by stores that know which capabilities they have,
// although they implement the methods of all: wrappers, whose answer depends
// on the store inside.
type Supporter interface {
	// Supports reports whether the store has every capability of the set.
	Supports(wanted Capability) bool
}

// Supports reports whether the store has every capability of the set, so that
// the package functions of those will not answer [errors.ErrUnsupported].
//
// It asks the store where that is a [Supporter]. Otherwise it asks the store
// that it wraps, where it has an Unwrap method, and otherwise looks whether
// the methods are there.
func Supports(s Store, wanted Capability) bool {
	for {
		if s, ok := s.(Supporter); ok {
			return s.Supports(wanted)
		}
		inner, ok := s.(Unwrapper)
		if !ok {
			return implements(s).Has(wanted)
		}
		s = inner.Unwrap()
	}
}

// implements returns the capabilities whose methods the store has.
func implements(s Store) Capability {
	return ifIs[KeyLister](s, CanKeys) |
		ifIs[CollectionLister](s, CanCollections) |
		ifIs[CollectionDestroyer](s, CanDestroyCollection) |
		ifIs[Destroyer](s, CanDestroy) |
		ifIs[Culler](s, CanCull) |
		ifIs[Inserter](s, CanInsert) |
		ifIs[Pinger](s, CanPing)
}

// ifIs returns the capability if the store is of type T, and otherwise none.
func ifIs[T any](s Store, c Capability) Capability {
	if _, ok := s.(T); ok {
		return c
	}
	return 0
}

// Full is a store with every capability. A wrapper implements it whole,
// translating each call, and answers [errors.ErrUnsupported] where the store
// inside cannot:
//
//	var _ core.Full = (*MyWrapper)(nil)
type Full interface {
	Store
	KeyLister
	CollectionLister
	CollectionDestroyer
	Destroyer
	Culler
	Inserter
	GetAppender
	Setupper
	Pinger
	Supporter
	io.Closer
}

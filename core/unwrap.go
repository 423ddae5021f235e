package core

// Unwrapper is implemented by transparent wrappers: those that keep keys,
// values, collections and permissions as they are, and at most refuse or
// delay a call. A wrapper that transforms any of them must not have Unwrap,
// because reaching through it would break what it promises.
type Unwrapper interface {
	// Unwrap returns the store inside.
	Unwrap() Store
}

// As returns the first store that is of type T: s itself, or a store inside
// the transparent wrappers around it. Use it to reach a concrete type, such
// as a backend with its driver's handle:
//
//	if backend, ok := core.As[*redis.Store](store); ok {
//		client := backend.Client()
//	}
//
// What is called on the result bypasses the wrappers in between: no retry, no
// timeout, no log line. For a capability call its package function instead,
// such as [Keys], which bypasses nothing.
func As[T any](s Store) (T, bool) {
	for s != nil {
		if found, ok := s.(T); ok {
			return found, true
		}
		wrapper, ok := s.(Unwrapper)
		if !ok {
			break
		}
		s = wrapper.Unwrap()
	}
	var none T
	return none, false
}

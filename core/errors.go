package core

import "errors"

// These errors answer a request for an entry.
var (
	// ErrNotFound says that there is no live entry under the key. It is
	// returned as it is, never wrapped.
	ErrNotFound = errors.New("not found")

	// ErrCorrupt says that there is something under the key which cannot be
	// decoded as an entry. It stays there until Put or Delete.
	ErrCorrupt = errors.New("corrupt entry")
)

// These errors say that an argument was refused. Nothing was written.
var (
	// ErrInvalidKey says that a key or a collection is not a legal name:
	// empty, not valid UTF-8, or beyond a documented limit of the backend.
	ErrInvalidKey = errors.New("invalid key")

	// ErrInvalidValue says that a value is not one JSON object in valid
	// UTF-8, or that this backend could not give it back unchanged.
	ErrInvalidValue = errors.New("invalid value")

	// ErrInvalidTTL says that a time to live is negative.
	ErrInvalidTTL = errors.New("invalid TTL")

	// ErrTooLarge says that a value exceeds the largest size allowed.
	ErrTooLarge = errors.New("value too large")

	// ErrTooSmall says that a value is below the smallest size allowed.
	ErrTooSmall = errors.New("value too small")

	// ErrReadOnly says that the store does not take writes.
	ErrReadOnly = errors.New("store is read-only")

	// ErrInvalidOptions says that the options of a store or wrapper, or the
	// URL it was to be opened by, contradict each other or make no sense.
	ErrInvalidOptions = errors.New("invalid options")
)

// These errors speak of the store as a whole.
var (
	// ErrClosed says that the store was closed before the call.
	ErrClosed = errors.New("store is closed")

	// ErrSetup says that a table, an index or a directory which the store
	// needs could not be made or is not there. The next call tries again.
	ErrSetup = errors.New("setup failed")
)

// invalid returns an error that matches sentinel and gives the reason.
func invalid(sentinel error, reason string) error {
	return &refusal{sentinel, reason}
}

// refusal is a sentinel with a reason.
type refusal struct {
	sentinel error
	reason   string
}

func (r *refusal) Error() string { return r.sentinel.Error() + ": " + r.reason }
func (r *refusal) Unwrap() error { return r.sentinel }

package driver

import (
	"encoding/json"
	"time"
)

// Options tell [NewStore] about a backend. Nil and the zero value are valid.
type Options struct {
	// Name is the name of the store in errors, such as "redis".
	Name string

	// HidesExpired says that the backend never returns an expired entry. By
	// default the Store compares every entry with its own clock. Set it only
	// where the backend compares with the same clock: servers round expiry
	// times and have clocks of their own.
	HidesExpired bool

	// ListsTwice says that a listing of keys may have a key more than once,
	// as Redis's SCAN does. The Store then remembers the keys of a listing
	// while it lasts. By default it gives on what it gets.
	ListsTwice bool

	// CheckName, if set, refuses names beyond what the backend can hold: nil,
	// or an error matching core.ErrInvalidKey. The key is empty where a whole
	// collection is meant. It is asked in every method, after the checks of
	// package core.
	CheckName func(collection, key string) error

	// CheckValue, if set, refuses values that the backend could not give back
	// unchanged: nil, or an error matching core.ErrInvalidValue or
	// core.ErrTooLarge.
	CheckValue func(value json.RawMessage) error

	// MaxValue is the largest value in bytes; beyond it is core.ErrTooLarge.
	// Zero means no limit.
	MaxValue int

	// TimeStep is the resolution of the times that the backend stores. The
	// Store rounds CreatedAt down and ExpiresAt up to it. Zero means a
	// microsecond, which is that of the managed entry.
	TimeStep time.Duration

	// Concurrency is how many single calls a bulk call makes at once where
	// the backend has no bulk method. Zero means 16. 1 suits a backend in
	// the same process.
	Concurrency int
}

func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.TimeStep <= 0 {
		options.TimeStep = time.Microsecond
	}
	if options.Concurrency <= 0 {
		options.Concurrency = 16
	}
	return options
}

package memcached

import (
	"fmt"
	"reflect"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
)

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// Selector is the selector that the client was made with, by
	// memcache.NewFromSelector. The client does not show it, and it must be
	// the same: bulk calls go where it says.
	//
	// With it, a bulk call is one exchange with each server, on connections
	// that the store makes as the client would, and calls to a server that
	// does not answer do not hold up those to others. Nil makes bulk writes
	// and bulk deletes single calls, several at once, and bulk reads one call
	// of the client, after which those keys are read one by one that it did
	// not find while a server failed.
	Selector memcache.ServerSelector

	// V1Keys names items as Python programs do that use the reference's
	// MemcachedV1KeySanitizationStrategy: a compound key of more than 240
	// characters is `H_` and its SHA-256. A name that such a program cannot
	// use, since it begins with `H_` or `S_` or the server does not take it,
	// is encoded as without V1Keys. All programs that share a server must
	// agree on this. By default only what the server does not take is encoded.
	V1Keys bool

	// MaxItemSize is the largest item in bytes that the servers take, their
	// option -I. Key and value and what the server keeps with them count.
	// A larger entry is core.ErrTooLarge and is not sent. Zero means
	// [DefaultMaxItemSize], as of a server without that option. It is
	// [MinMaxItemSize] or more.
	MaxItemSize int

	// Concurrency is how many calls with a context that can end may be under
	// way to one server. Such a call works in a goroutine, which goes on until
	// the client's timeouts when its caller has given up; others then wait,
	// until their own contexts end. Zero means [DefaultConcurrency]. It has no
	// meaning for [Open], whose calls leave nothing behind.
	Concurrency int
}

const (
	// DefaultMaxItemSize is the largest item of a server that was not
	// configured otherwise, and of a store whose options name none: 1 MiB.
	DefaultMaxItemSize = 1 << 20

	// MinMaxItemSize is the smallest legal Options.MaxItemSize.
	MinMaxItemSize = 16 << 10

	// DefaultConcurrency is the bound of a store whose options name none.
	DefaultConcurrency = 64
)

// withDefaults returns the options with every zero replaced.
func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.MaxItemSize == 0 {
		options.MaxItemSize = DefaultMaxItemSize
	}
	if options.Concurrency == 0 {
		options.Concurrency = DefaultConcurrency
	}
	if missing(options.Selector) {
		options.Selector = nil
	}
	return options
}

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	switch {
	case o.MaxItemSize < MinMaxItemSize:
		return invalidOptions(fmt.Sprintf("MaxItemSize is below %d", MinMaxItemSize))
	case o.Concurrency < 0:
		return invalidOptions("Concurrency is negative")
	}
	return nil
}

// missing reports whether there is no selector, or a nil pointer for one.
func missing(selector memcache.ServerSelector) bool {
	if selector == nil {
		return true
	}
	value := reflect.ValueOf(selector)
	return value.Kind() == reflect.Pointer && value.IsNil()
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}

package vault

import (
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

const (
	// DefaultMount is where the engine is mounted where [Options].Mount is
	// empty.
	DefaultMount = "secret"

	// DefaultMaxValue is the largest value in bytes where [Options].MaxValue is
	// zero. Of the storages that Vault has, Consul takes the least: 512 KiB with
	// the names and what escapes them.
	DefaultMaxValue = 480 << 10

	// DefaultConcurrency is how many requests a call sends at once where
	// [Options].Concurrency is zero.
	DefaultConcurrency = 16
)

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// Mount is where the KV version 2 engine is mounted. The store does not
	// mount one. Empty means [DefaultMount].
	Mount string

	// Namespace is the namespace of the engine, in Vault Enterprise and
	// OpenBao. Empty means the client's.
	Namespace string

	// MaxVersions is how many versions of a secret the server keeps. Zero means
	// 1: what is overwritten is gone. Negative means what the engine says, which
	// is 10 unless it was configured. It is set on the secrets that this store
	// creates, by a second request for each.
	MaxVersions int

	// MaxValue is the largest value in bytes; a larger one is core.ErrTooLarge,
	// before anything is sent. What exceeds the limit of the server's storage,
	// which counts quotes twice, is core.ErrTooLarge as well. Zero means
	// [DefaultMaxValue].
	MaxValue int

	// Concurrency is how many requests one call sends at once, where it has
	// many to send: bulk calls, listings, DestroyCollection, Destroy and Cull.
	// Zero means [DefaultConcurrency].
	Concurrency int

	// CullNames has Cull remove, beside what has expired, the names of secrets
	// that have nothing left. By default they stay, and every listing has to
	// look at them. Between the request that shows that a secret is empty and
	// the one that removes it, what another writes under the same key is lost:
	// set it where keys are not used again, such as random ids of sessions.
	CullNames bool
}

// withDefaults returns the options with what zero means, or why they are
// refused.
func (o *Options) withDefaults() (Options, error) {
	var options Options
	if o != nil {
		options = *o
	}
	if options.Mount == "" {
		options.Mount = DefaultMount
	}
	if options.MaxVersions == 0 {
		options.MaxVersions = 1
	}
	if options.MaxValue == 0 {
		options.MaxValue = DefaultMaxValue
	}
	if options.Concurrency == 0 {
		options.Concurrency = DefaultConcurrency
	}
	switch {
	case options.MaxValue < 0:
		return options, invalidOptions("MaxValue is negative")
	case options.Concurrency < 0:
		return options, invalidOptions("Concurrency is negative")
	case !isPath(options.Mount):
		return options, invalidOptions("Mount is not a path such as secret or team/secret")
	case options.Namespace != "" && !isPath(strings.TrimSuffix(options.Namespace, "/")):
		return options, invalidOptions("Namespace is not a path such as team")
	}
	return options, nil
}

// isPath reports whether a text is a path of printable ASCII without spaces, in
// which no part is empty or dots.
func isPath(text string) bool {
	for part := range strings.SplitSeq(text, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}

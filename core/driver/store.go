package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Store makes a core.Store of a [Backend]. See [NewStore].
type Store struct {
	backend      Backend
	options      Options
	capabilities core.Capability
	gate         gate
	setup        setup
	closed       chan struct{} // closed once closeError is known
	closeError   error
}

var _ core.Full = (*Store)(nil)

// NewStore returns a store over the backend. Options may be nil.
// The store offers the capabilities for which the backend has methods.
// [Store.Close] closes the backend where that is an [io.Closer].
func NewStore(backend Backend, options *Options) *Store {
	s := &Store{backend: backend, options: options.withDefaults(), closed: make(chan struct{})}
	s.capabilities = capabilities(backend)
	s.gate.init()
	s.setup.init(backend)
	return s
}

// capabilities returns those for which the backend has the methods.
func capabilities(backend Backend) core.Capability {
	return ifIs[KeyLister](backend, core.CanKeys) |
		ifIs[CollectionLister](backend, core.CanCollections) |
		ifIs[CollectionDestroyer](backend, core.CanDestroyCollection) |
		ifIs[Destroyer](backend, core.CanDestroy) |
		ifIs[Culler](backend, core.CanCull) |
		ifIs[Inserter](backend, core.CanInsert) |
		ifIs[Pinger](backend, core.CanPing)
}

// ifIs returns the capability if the backend is of type T, and otherwise none.
func ifIs[T any](backend Backend, c core.Capability) core.Capability {
	if _, ok := backend.(T); ok {
		return c
	}
	return 0
}

// Supports reports whether the backend has the methods for every capability
// of the set.
func (s *Store) Supports(wanted core.Capability) bool { return s.capabilities.Has(wanted) }

// Close refuses further calls, waits for those under way, and closes the
// backend. Every call of it returns what the first one did.
func (s *Store) Close() error {
	if s.gate.shut() {
		s.closeError = s.closeBackend()
		close(s.closed)
	}
	<-s.closed
	return s.closeError
}

func (s *Store) closeBackend() error {
	s.gate.wait()
	closer, ok := s.backend.(io.Closer)
	if !ok {
		return nil
	}
	if err := closer.Close(); err != nil {
		return s.fail(context.Background(), "close", "", "", err)
	}
	return nil
}

// begin checks the context and enters the store, which the caller must leave.
func (s *Store) begin(ctx context.Context, op, collection, key string) error {
	if err := ctx.Err(); err != nil {
		return s.refuse(op, collection, key, err)
	}
	if !s.gate.enter() {
		return s.refuse(op, collection, key, core.ErrClosed)
	}
	return nil
}

// refuse returns an error for a call that did no work.
func (s *Store) refuse(op, collection, key string, cause error) error {
	return &core.Error{Op: op, Store: s.options.Name, Collection: collection, Key: key, Err: cause}
}

// fail returns the error for a call on which the backend failed.
func (s *Store) fail(ctx context.Context, op, collection, key string, err error) error {
	attempts := 0
	if inner, ok := err.(*core.Error); ok {
		err, attempts = inner.Err, inner.Attempts
	}
	switch done := ctx.Err(); {
	case errors.Is(err, ErrNotSetUp):
		err = fmt.Errorf("%w: %w", core.ErrSetup, err)
	case done != nil && !errors.Is(err, done):
		// Drivers answer with errors of their own, such as a read timeout,
		// where it was the caller who gave up.
		err = fmt.Errorf("%w: %w", done, err)
	}
	return &core.Error{Op: op, Store: s.options.Name, Collection: collection, Key: key, Attempts: attempts, Err: err}
}

// absent reports whether a backend's error means that there is no entry.
func absent(err error) bool {
	return errors.Is(err, core.ErrNotFound) || errors.Is(err, ErrNotSetUp)
}

// visible reports whether what expires at that time is still to be shown. The
// clock is looked at only where there is such a time.
func (s *Store) visible(expiresAt time.Time) bool {
	return s.options.HidesExpired || !core.Entry{ExpiresAt: expiresAt}.Expired()
}

func itoa(n int) string { return strconv.Itoa(n) }

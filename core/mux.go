package core

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Opener opens a store by its URL. The store owns what it opens: [Close]
// closes it. Backends offer one as their function Open.
type Opener func(ctx context.Context, url string) (Store, error)

// Mux opens stores by URL: a map from schemes, in lower case, to openers.
//
//	stores := core.Mux{"memory": memory.Open, "redis": redis.Open}
//	store, err := stores.Open(ctx, os.Getenv("STORE_URL"))
//
// There is no global registry: a program can open what it lists.
type Mux map[string]Opener

// Open opens the store that the URL names. The scheme, what is before the
// first colon, selects the opener, which is given the whole URL. An unknown
// scheme is an error that matches [ErrInvalidOptions] and lists the known ones.
// Errors do not repeat the URL, which may hold a password.
func (m Mux) Open(ctx context.Context, url string) (Store, error) {
	scheme, _, found := strings.Cut(url, ":")
	scheme = strings.ToLower(scheme)
	if !found || scheme == "" {
		return nil, openError("the URL has no scheme; known are " + m.schemes())
	}
	open, ok := m[scheme]
	if !ok {
		return nil, openError(fmt.Sprintf("no store for scheme %s; known are %s", quoteName(scheme), m.schemes()))
	}
	return open(ctx, url)
}

// schemes lists what Open can open.
func (m Mux) schemes() string {
	if len(m) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}

func openError(reason string) error {
	return &Error{Op: "open", Err: invalid(ErrInvalidOptions, reason)}
}

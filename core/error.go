package core

import (
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core/internal/quote"
)

// Error says which operation failed, where, and why.
//
// Every error of a store is a bare [ErrNotFound], a bare
// [errors.ErrUnsupported], an *Error, or a join of those. Test for a cause
// with [errors.Is]. An Error never holds a value.
type Error struct {
	// Op is the operation, in lower case and in words: "get" (of GetAppend
	// too), "get many", "put", "put many", "delete", "delete many", "insert",
	// "keys", "collections", "destroy collection", "destroy", "cull",
	// "setup", "ping", "close", and "open" or "new" for what makes a store.
	Op string

	// Store names the kind of store, such as "redis". It may be empty.
	Store string

	// Collection and Key are the caller's, as given. Both are empty where the
	// operation has none; Key is empty where it speaks of a whole batch.
	Collection, Key string

	// Attempts is how often the operation was tried, where that was counted.
	Attempts int

	// Err is the cause. It is never nil.
	Err error
}

// Error returns the operation, the names and the cause on one line. Names are
// quoted, and cut where they are long.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Store != "" {
		b.WriteString(e.Store)
		b.WriteString(": ")
	}
	b.WriteString(e.Op)
	switch {
	case e.Key != "":
		b.WriteByte(' ')
		b.WriteString(quoteName(CollectionName(e.Collection)))
		b.WriteByte('/')
		b.WriteString(quoteName(e.Key))
	case e.Collection != "":
		b.WriteByte(' ')
		b.WriteString(quoteName(e.Collection))
	}
	b.WriteString(": ")
	b.WriteString(e.Err.Error())
	if e.Attempts > 1 {
		b.WriteString(" (")
		b.WriteString(strconv.Itoa(e.Attempts))
		b.WriteString(" attempts)")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// FailedKeys returns the keys that an error of a bulk call names, in its
// order and each once. It is empty for an error that names no key, which
// speaks of the whole batch.
func FailedKeys(err error) []string {
	var keys []string
	seen := make(map[string]struct{})
	for e := range Errors(err) {
		if _, again := seen[e.Key]; e.Key != "" && !again {
			seen[e.Key] = struct{}{}
			keys = append(keys, e.Key)
		}
	}
	return keys
}

// Errors ranges over every [Error] in err: itself, or the parts that it joins.
// The cause of an Error is not looked into: an Error is never the cause of
// another.
func Errors(err error) iter.Seq[*Error] {
	return func(yield func(*Error) bool) { eachError(err, yield) }
}

// eachError visits every Error until visit answers false, and then does too.
func eachError(err error, visit func(*Error) bool) bool {
	switch err := err.(type) {
	case *Error:
		return visit(err)
	case interface{ Unwrap() []error }:
		for _, part := range err.Unwrap() {
			if !eachError(part, visit) {
				return false
			}
		}
	}
	return true
}

// MapErrors returns err with every [Error] in it, joined ones too, replaced by
// what change makes of a copy. A wrapper that renames collections or keys
// gives its callers their own names back with it. Other errors stay as they
// are, and the error given is not modified. The cause of an Error is not looked
// into: an Error is never the cause of another.
func MapErrors(err error, change func(Error) Error) error {
	switch original := err.(type) {
	case *Error:
		changed := change(*original)
		return &changed
	case interface{ Unwrap() []error }:
		parts := slices.Clone(original.Unwrap())
		for i, part := range parts {
			parts[i] = MapErrors(part, change)
		}
		return errors.Join(parts...)
	}
	return err
}

// quoteName quotes a name for an error text, and cuts a long one.
func quoteName(name string) string { return quote.Name(name, 128) }

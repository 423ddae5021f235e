package driver

import "fmt"

// Leftovers returns the errors for what a backend has found under a collection
// that it destroys, and has left there since it is no entry: one error that
// unwraps to all of them, or nil if there are none. Its text has the first
// alone, as there may be thousands, and calls them by their kind, a plural such
// as "documents". The slice is the result's from then on.
func Leftovers(kind string, errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return &leftovers{kind, errs}
}

type leftovers struct {
	kind string
	errs []error
}

// Error names the first.
func (l *leftovers) Error() string {
	if len(l.errs) == 1 {
		return "left " + l.errs[0].Error()
	}
	return fmt.Sprintf("left %d %s that are no entries, such as %v", len(l.errs), l.kind, l.errs[0])
}

// Unwrap returns all.
func (l *leftovers) Unwrap() []error { return l.errs }

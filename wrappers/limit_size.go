package wrappers

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// LimitSizeOptions configure a [LimitSize]. At least one limit must be set.
type LimitSizeOptions struct {
	// MinSize and MaxSize are the smallest and the largest size of a value in
	// bytes. Zero means no limit.
	MinSize, MaxSize int

	// RefuseTooSmall makes what is too small [core.ErrTooSmall]. Otherwise it
	// is dropped: nothing is written and there is no error.
	RefuseTooSmall bool

	// DropTooLarge drops what is too large. Otherwise it is
	// [core.ErrTooLarge].
	DropTooLarge bool
}

// LimitSize bounds the size of values.
//
// The size of a value is that of its text in the canonical form of the Python
// library: a space behind each comma and colon, and in ASCII, so that é counts
// 6 and an emoji 12. It does not depend on how the caller spelt the value.
//
// PutMany looks at all items before it writes any. What is dropped leaves an
// older entry under its key as it is; Insert answers false for it.
type LimitSize struct{ guarded }

var _ core.Full = (*LimitSize)(nil)

// NewLimitSize returns a LimitSize around the store. Options without a limit,
// with a negative one, or with MinSize above MaxSize are
// [core.ErrInvalidOptions].
func NewLimitSize(inner core.Store, options *LimitSizeOptions) (*LimitSize, error) {
	var o LimitSizeOptions
	if options != nil {
		o = *options
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("limit size", "the store inside is nil")
	case o.MinSize < 0, o.MaxSize < 0:
		return nil, refuseOptions("limit size", "MinSize or MaxSize is negative")
	case o.MinSize == 0 && o.MaxSize == 0:
		return nil, refuseOptions("limit size", "neither MinSize nor MaxSize is set")
	case o.MaxSize > 0 && o.MinSize > o.MaxSize:
		return nil, refuseOptions("limit size", "MinSize is above MaxSize")
	}
	return &LimitSize{guarded{life: newLife("limit size", inner), inner: inner, guard: o}}, nil
}

func (o LimitSizeOptions) admit(value json.RawMessage, ttl time.Duration) (admitted time.Duration, keep bool, err error) {
	if err := core.CheckValue(value); err != nil {
		return 0, false, err
	}
	if err := core.CheckTTL(ttl); err != nil {
		return 0, false, err
	}
	size := canonicalSize(value)
	switch {
	case size < o.MinSize && o.RefuseTooSmall:
		return 0, false, fmt.Errorf("%w: %d bytes, want at least %d", core.ErrTooSmall, size, o.MinSize)
	case o.MaxSize > 0 && size > o.MaxSize && !o.DropTooLarge:
		return 0, false, fmt.Errorf("%w: %d bytes, want at most %d", core.ErrTooLarge, size, o.MaxSize)
	}
	return ttl, size >= o.MinSize && (o.MaxSize == 0 || size <= o.MaxSize), nil
}

// emptyRecordSize is the size of the canonical record around a value.
var emptyRecordSize = func() int {
	text, _ := managed.AppendCanonical(nil, &managed.Record{Entry: core.Entry{Value: json.RawMessage(`{}`)}})
	return len(text) - len(`{}`)
}()

// canonicalSize returns the size of the value's canonical text, and that of the
// text as it is where Python could not write the value, as it cannot 1e400.
func canonicalSize(value json.RawMessage) int {
	buffer := takeBuffer()
	defer buffer.free()
	text, err := managed.AppendCanonical(buffer.bytes[:0], &managed.Record{Entry: core.Entry{Value: value}})
	if err != nil {
		return len(value)
	}
	buffer.bytes = text
	return len(text) - emptyRecordSize
}

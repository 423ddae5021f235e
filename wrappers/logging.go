package wrappers

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// LoggingOptions configure a [Logging]. Nil and the zero value are valid.
type LoggingOptions struct {
	// Logger is where the records go. Nil means [slog.Default] at the time of
	// the call.
	Logger *slog.Logger

	// Level is the level of the records of calls that succeed. A miss is a
	// success. Nil means [slog.LevelInfo].
	Level slog.Leveler

	// ErrorLevel is the level of the records of calls that fail, in part or as
	// a whole. Nil means [slog.LevelError].
	ErrorLevel slog.Leveler

	// Starts adds a record at Level before each call.
	Starts bool

	// Values adds what is read and written to the records. Do not set it
	// where values hold what a log must not.
	Values bool
}

// Logging writes a record of each call on a store to a [slog.Logger], with the
// message "store call" and the caller's context. Its attributes, where they
// apply:
//
//   - op: the operation, under the name that [core.Error] has for it
//   - collection, key
//   - keys: the first 5 of a bulk call, and count, how many there are
//   - collections: likewise, of "setup"
//   - ttl: of a write, unless the entry never expires or those of a bulk
//     write differ
//   - hit: whether "get" found the entry; hits, misses: of "get many"
//   - deleted: whether, or of "delete many" how many
//   - inserted, destroyed: whether
//   - names: how many a listing had; culled: how many
//   - value, values: what was read or written, if asked for: the first 5
//   - duration: without the time of the body of a listing's loop
//   - error
//
// Keys and collections are cut after 128 bytes, values after 1 KiB and errors
// after 2 KiB; the length is put behind. What else a name may hold, such as
// line breaks, the handler of the logger has to quote, as those of slog do.
//
// Where the logger has neither level enabled a call costs no more than asking
// for them. Close is not logged. Logging is transparent.
type Logging struct{ observed }

var (
	_ core.Full      = (*Logging)(nil)
	_ core.Unwrapper = (*Logging)(nil)
)

// NewLogging returns a store that logs the calls on inner.
func NewLogging(inner core.Store, options *LoggingOptions) (*Logging, error) {
	const name = "logging"
	var o LoggingOptions
	if options != nil {
		o = *options
	}
	if inner == nil {
		return nil, refuseOptions(name, "there is no store inside")
	}
	if o.Level == nil {
		o.Level = slog.LevelInfo
	}
	if o.ErrorLevel == nil {
		o.ErrorLevel = slog.LevelError
	}
	return &Logging{observed{newLife(name, inner), inner, &journal{o}}}, nil
}

// journal is the observer that logs.
type journal struct{ options LoggingOptions }

var _ observer = (*journal)(nil)

func (j *journal) logger() *slog.Logger {
	if j.options.Logger != nil {
		return j.options.Logger
	}
	return slog.Default()
}

func (j *journal) begin(ctx context.Context, c call) time.Time {
	logger, level := j.logger(), j.options.Level.Level()
	enabled := logger.Enabled(ctx, level)
	if enabled && j.options.Starts {
		r := newRecord(j.options.Values)
		r.addCall(c)
		logger.LogAttrs(ctx, level, "store call begins", r.attrs...)
	}
	if !enabled && !logger.Enabled(ctx, j.options.ErrorLevel.Level()) {
		return time.Time{}
	}
	return time.Now()
}

func (j *journal) end(ctx context.Context, c call, a answer) {
	if c.began.IsZero() {
		return
	}
	duration := time.Since(c.began)
	logger, level := j.logger(), j.options.Level.Level()
	failed := a.err != nil && !errors.Is(a.err, core.ErrNotFound)
	if failed {
		level = j.options.ErrorLevel.Level()
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	r := newRecord(j.options.Values)
	r.addCall(c)
	r.addAnswer(c, a)
	r.attrs = append(r.attrs, slog.Duration("duration", duration))
	if failed {
		r.attrs = append(r.attrs, slog.Any("error", cutError{a.err}))
	}
	logger.LogAttrs(ctx, level, "store call", r.attrs...)
}

package valkey

import (
	"context"
	"errors"
	"slices"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// A pipeline ends with the command that reaches one of these, so that a large
// batch neither fills the memory nor lasts longer than the driver's timeouts.
const (
	maxCommands = 500
	maxBytes    = 1 << 20
)

// pipeline performs a command for each of the keys, many in one round trip. The
// driver sends each to the node of the cluster that holds the key. The function
// build returns the command for a key and about how many bytes it sends; it
// runs in the caller's goroutine, which send does not. How large the replies
// are is noted if it matters.
func pipeline[C any](ctx context.Context, keys []string, r *replies,
	build func(i int) (cmd C, bytes int),
	send func(ctx context.Context, cmds ...C) []valkey.ValkeyResult,
) *answers {
	a := &answers{keys: keys, results: make([]valkey.ValkeyResult, 0, len(keys))}
	for len(a.results) < len(keys) {
		start := len(a.results)
		most := min(len(keys)-start, r.limit())
		cmds := make([]C, 0, most)
		for bytes := 0; len(cmds) < most && bytes < maxBytes; {
			cmd, size := build(start + len(cmds))
			cmds = append(cmds, cmd)
			bytes += size
		}
		var results []valkey.ValkeyResult
		finished, err := await(ctx, func(ctx context.Context) { results = send(ctx, cmds...) })
		if finished {
			r.note(results)
			err = a.add(ctx, results)
		}
		if err != nil {
			a.abandon(start, err)
			break
		}
	}
	return a
}

// answers are those of the commands of a pipeline, in the order of the keys.
// There is a result for each key that has not failed.
type answers struct {
	keys    []string
	results []valkey.ValkeyResult
	errs    []error // one for each key; nil as long as none has failed

	// unanswered is set where no command was answered at all.
	unanswered error
}

// add takes the results of the next commands. That there is nothing under a key
// is no failure. It returns an error, and takes nothing, where no command was
// answered.
func (a *answers) add(ctx context.Context, results []valkey.ValkeyResult) error {
	if !slices.ContainsFunc(results, func(r valkey.ValkeyResult) bool { return hasReply(r.Error()) }) {
		return unanswered(ctx, results[0].Error())
	}
	for i := range results {
		if _, err := answered(ctx, results[i]); err != nil && err != core.ErrNotFound {
			a.fail(len(a.results)+i, err)
		}
	}
	a.results = append(a.results, results...)
	return nil
}

func (a *answers) fail(i int, err error) {
	if a.errs == nil {
		a.errs = make([]error, len(a.keys))
	}
	a.errs[i] = err
}

// abandon fails all keys from the one on: nobody has answered, and nobody was
// asked for those behind.
func (a *answers) abandon(start int, err error) {
	if start == 0 {
		a.unanswered = err
	}
	for i := start; i < len(a.keys); i++ {
		a.fail(i, err)
	}
}

// failed reports whether there is no answer for the key.
func (a *answers) failed(i int) bool { return a.errs != nil && a.errs[i] != nil }

// result returns nil, an error that concerns all keys, or driver.KeyErrors.
func (a *answers) result() error {
	if a.unanswered != nil {
		return a.unanswered
	}
	var failed driver.KeyErrors
	for i, err := range a.errs {
		if err == nil {
			continue
		}
		if failed == nil {
			failed = make(driver.KeyErrors)
		}
		failed[a.keys[i]] = err
	}
	if failed == nil { // not a nil map in an interface
		return nil
	}
	return failed
}

// firstBut returns the error of the first key that failed with another one than
// that, or nil.
func (a *answers) firstBut(ignored error) error {
	for _, err := range a.errs {
		if err != nil && !errors.Is(err, ignored) {
			return err
		}
	}
	return nil
}

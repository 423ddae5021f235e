package valkey

import (
	"context"
	"errors"
	"slices"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Commands that are sent together end with the one that reaches one of these,
// so that a large batch neither fills the memory nor lasts longer than the
// driver's timeouts.
const (
	maxCommands = 500
	maxBytes    = 1 << 20
)

// job is a batch of commands, one for each of the keys.
type job[C any] struct {
	keys []string

	// build returns the command for a key and about how many bytes it sends.
	// It runs in the caller's goroutine.
	build func(i int) (cmd C, bytes int)

	// send performs commands. The driver sends each to the node of the cluster
	// that holds the key.
	send func(ctx context.Context, cmds ...C) []valkey.ValkeyResult

	// take, if set, looks at the result of a key that has not failed. It runs
	// in the caller's goroutine.
	take func(i int, result *valkey.ValkeyResult) error

	// replies notes how large they are, where that varies.
	replies *replies
}

// run performs the commands, many in one round trip. When some were not answered
// at all, the rest is not sent.
func (j *job[C]) run(ctx context.Context) *answers {
	a := &answers{keys: j.keys}
	for start := 0; start < len(j.keys); {
		cmds := j.next(start)
		var results []valkey.ValkeyResult
		finished, err := await(ctx, func(ctx context.Context) { results = j.send(ctx, cmds...) })
		if finished {
			j.replies.note(results)
			err = j.look(ctx, a, start, results)
		}
		if err != nil {
			a.abandon(start, err)
			break
		}
		start += len(cmds)
	}
	return a
}

// next returns the commands for the keys from the one on that are sent together.
func (j *job[C]) next(start int) []C {
	most := min(len(j.keys)-start, j.replies.limit())
	cmds := make([]C, 0, most)
	for bytes := 0; len(cmds) < most && bytes < maxBytes; {
		cmd, size := j.build(start + len(cmds))
		cmds = append(cmds, cmd)
		bytes += size
	}
	return cmds
}

// look notes what the results of the keys from the one on say. That there is
// nothing under a key is no failure. It returns an error, and notes nothing,
// where no command was answered.
func (j *job[C]) look(ctx context.Context, a *answers, start int, results []valkey.ValkeyResult) error {
	if !slices.ContainsFunc(results, func(r valkey.ValkeyResult) bool { return hasReply(r.Error()) }) {
		return unanswered(ctx, results[0].Error())
	}
	for i := range results {
		_, err := answered(ctx, results[i])
		if err == nil && j.take != nil {
			err = j.take(start+i, &results[i])
		}
		if err != nil && err != core.ErrNotFound {
			a.fail(start+i, err)
		}
	}
	return nil
}

// answers are the errors of the commands of a job.
type answers struct {
	keys []string
	errs []error // one for each key; nil as long as none has failed

	// unanswered is set where no command was answered at all.
	unanswered error
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

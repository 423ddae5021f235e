package redis

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// A pipeline ends with the command that reaches one of these, so that a large
// batch neither fills the memory nor lasts longer than the driver's timeouts.
const (
	maxCommands = 500
	maxBytes    = 1 << 20
)

// pipeline performs a command for each of the keys, many in one round trip. The
// function returns the command for a key and about how many bytes it sends; it
// runs in the caller's goroutine. What the commands were answered may be looked
// at where the key has not failed.
func (b *backend) pipeline(ctx context.Context, client redis.Cmdable, keys []string, command func(i int) (cmd redis.Cmder, bytes int)) *answers {
	a := &answers{keys: keys}
	cmds := make([]redis.Cmder, 0, min(len(keys), maxCommands))
	for start := 0; start < len(keys); start += len(cmds) {
		cmds = cmds[:0]
		for bytes := 0; start+len(cmds) < len(keys) && len(cmds) < maxCommands && bytes < maxBytes; {
			cmd, size := command(start + len(cmds))
			cmds = append(cmds, cmd)
			bytes += size
		}
		if err := b.exec(ctx, client, cmds, func(i int, err error) { a.fail(start+i, err) }); err != nil {
			a.abandon(start, err)
			break
		}
	}
	return a
}

// exec performs commands in one round trip, or one for each node of a cluster,
// and calls fail for each that failed; that there is nothing under a key is no
// failure. It returns an error, and has not called fail, where no command was
// answered.
func (b *backend) exec(ctx context.Context, client redis.Cmdable, cmds []redis.Cmder, fail func(i int, err error)) error {
	pipe := client.Pipeline()
	_ = pipe.BatchProcess(ctx, cmds...) // which only puts them in line
	finished, err := b.await(ctx, func() error {
		_, err := pipe.Exec(ctx)
		return err
	})
	if !finished {
		return err
	}
	if err != nil && !anyAnswered(cmds) {
		return failure(err)
	}
	for i, cmd := range cmds {
		if err := cmd.Err(); err != nil && !errors.Is(err, redis.Nil) {
			fail(i, failure(attributed(ctx, err)))
		}
	}
	return nil
}

// anyAnswered reports whether the server has answered any of the commands of a
// pipeline that failed. Where none of them has an error, that is a hook's, which
// did not let them pass.
func anyAnswered(cmds []redis.Cmder) bool {
	succeeded, failed := false, false
	for _, cmd := range cmds {
		err := cmd.Err()
		if isReply(err) {
			return true
		}
		succeeded = succeeded || err == nil
		failed = failed || err != nil
	}
	return succeeded && failed
}

// answers are the errors of the commands of a pipeline.
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

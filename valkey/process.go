package valkey

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/valkey-io/valkey-go"
)

// process performs one command of so many bytes. Where it returns an error of
// the context, the driver may still have the command, with all that it was made
// of.
//
// The driver repeats commands that only read, and no others.
func (b *backend) process(ctx context.Context, cmd valkey.Completed, bytes int) (valkey.ValkeyResult, error) {
	return b.perform(ctx, b.writes, cmd, bytes)
}

// perform performs one command with others, or alone if the gatherer is nil.
func (b *backend) perform(ctx context.Context, g *gatherer, cmd valkey.Completed, bytes int) (valkey.ValkeyResult, error) {
	if g == nil {
		return alone(ctx, func(ctx context.Context) valkey.ValkeyResult { return b.client.Do(ctx, cmd) })
	}
	result, err := g.do(ctx, cmd, bytes)
	if err != nil {
		return result, err
	}
	return answered(ctx, result)
}

// alone performs one command by itself.
func alone(ctx context.Context, do func(ctx context.Context) valkey.ValkeyResult) (valkey.ValkeyResult, error) {
	var result valkey.ValkeyResult
	if finished, err := await(ctx, func(ctx context.Context) { result = do(ctx) }); !finished {
		return valkey.ValkeyResult{}, err
	}
	return answered(ctx, result)
}

// answered returns a result with the error in it.
func answered(ctx context.Context, result valkey.ValkeyResult) (valkey.ValkeyResult, error) {
	err := result.Error()
	if hasReply(err) {
		return result, failure(err)
	}
	return result, unanswered(ctx, err)
}

// await performs a call of the driver in another goroutine. When the context is
// done first, it returns that error and false, and the call goes on in the
// background until the driver gives it up: what the call works with must not be
// touched then.
func await(ctx context.Context, call func(ctx context.Context)) (finished bool, err error) {
	if ctx.Done() == nil {
		call(ctx)
		return true, nil
	}
	done := make(chan outcome, 1)
	go finally(func() { call(endless{ctx}) }, func(end outcome) { done <- end })
	select {
	case end := <-done:
		end.repeat()
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// endless is a context that seems never to be done, but has an error then: the
// driver does not repeat the command any more. What it has begun it does not
// break off, be it to connect: others wait for that connection too.
type endless struct{ context.Context }

// Deadline says that there is none.
func (endless) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done says that it cannot be done.
func (endless) Done() <-chan struct{} { return nil }

// outcome is how a call has ended.
type outcome struct {
	returned bool
	panicked any
}

// finally performs a call and tells how it has ended, even if it has ended the
// goroutine.
func finally(call func(), tell func(end outcome)) {
	var end outcome
	defer func() {
		if !end.returned {
			end.panicked = recover()
		}
		tell(end)
	}()
	call()
	end.returned = true
}

// repeat ends as the call did if it did not return: a panic in a function that
// the client was given, say, is the caller's, who may recover.
func (o outcome) repeat() {
	if o.returned {
		return
	}
	if o.panicked == nil {
		runtime.Goexit()
	}
	panic(o.panicked)
}

// unanswered returns the error for a command that has no answer.
func unanswered(ctx context.Context, err error) error {
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	// A connection may notice the deadline just before the context does.
	deadline, ok := ctx.Deadline()
	if ctx.Err() != nil || ok && !time.Now().Before(deadline) {
		return err
	}
	return fmt.Errorf("the connection was given up by another call: %v", err)
}

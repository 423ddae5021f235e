package redis

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/redis/go-redis/v9"
)

// once is a command that the driver must not send again when it does not know
// whether the server has performed it: the second answer would be the opposite
// of what has happened. What the server has sent elsewhere, to another node of
// the cluster, was not performed and is sent there.
type once struct{ redis.Cmder }

// NoRetry is asked by the driver before it repeats a command.
func (once) NoRetry() bool { return true }

// process performs one command. Where it returns an error of the context, the
// driver may still have the command, and it must not be looked at.
func (b *backend) process(ctx context.Context, cmd redis.Cmder) error {
	if b.trusts(ctx) { // as await has it, without the allocation of a function
		return failure(attributed(ctx, b.performed(ctx, cmd)))
	}
	_, err := b.await(ctx, func() error { return b.performed(ctx, cmd) })
	return failure(err)
}

// performed performs one command.
func (b *backend) performed(ctx context.Context, cmd redis.Cmder) error {
	_ = b.client.Process(ctx, cmd)
	return cmd.Err() // which waits, where the client works in the background
}

// trusts reports whether calls with this context may be left to the driver.
func (b *backend) trusts(ctx context.Context) bool { return b.punctual || ctx.Done() == nil }

// await performs a call of the driver and returns its error. When the context
// is done first, it returns that error and false, and the call goes on in the
// background until the driver gives it up: what the call works with must not
// be touched then.
//
// Where the driver sees to the deadline itself, that saves a goroutine for each
// call.
func (b *backend) await(ctx context.Context, call func() error) (finished bool, err error) {
	if b.trusts(ctx) {
		return true, attributed(ctx, call())
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if !o.returned {
				o.panicked = recover()
			}
			done <- o
		}()
		o.err = call()
		o.returned = true
	}()
	select {
	case o := <-done:
		return true, o.result(ctx)
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// outcome is how a call has ended.
type outcome struct {
	err      error
	returned bool
	panicked any
}

// result ends as the call did: a panic in a hook, say, is the caller's, who may
// recover.
func (o *outcome) result(ctx context.Context) error {
	if !o.returned {
		if o.panicked == nil {
			runtime.Goexit()
		}
		panic(o.panicked)
	}
	return attributed(ctx, o.err)
}

// attributed returns an error as one of the context's deadline where that is
// over: a connection may notice just before the context does.
func attributed(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || isReply(err) {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	}
	return err
}

// isPunctual reports whether the calls of a client end with the deadline of
// their context, wherever they are. That is so for a client of one server that
// was told to. Others look at the context in some places only: they ask
// sentinels, or read what a cluster looks like, on time of their own.
func isPunctual(client redis.UniversalClient) bool {
	single, ok := client.(*redis.Client)
	return ok && single.Options().ContextTimeoutEnabled && single.Options().Addr != failoverAddress
}

// failoverAddress is what the driver calls the address that a client gets from
// sentinels.
const failoverAddress = "FailoverClient"

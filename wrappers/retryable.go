package wrappers

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"syscall"

	"github.com/go-keyvalue/keyvalue/core"
)

// notRetryable are the errors that another attempt would meet again.
var notRetryable = []error{
	core.ErrNotFound, core.ErrCorrupt, core.ErrClosed, core.ErrReadOnly,
	core.ErrInvalidKey, core.ErrInvalidValue, core.ErrInvalidTTL, core.ErrInvalidOptions,
	core.ErrTooLarge, core.ErrTooSmall, errors.ErrUnsupported, context.Canceled,
}

// broken are the errors of a connection that another one may not have.
var broken = []error{
	io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed,
	syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE,
	syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ETIMEDOUT,
}

// Retryable reports whether it is worth trying again after the error: whether
// it, or an error that it wraps, is
//
//   - a failure of the network: a [net.Error], a connection that was refused,
//     reset or closed, an unexpected end of its input;
//   - a timeout of a driver, or a failure that it calls temporary: a method
//     Timeout or Temporary that answers true. A deadline that is over is one of
//     them, as drivers set their own: [Retry] gives up when the caller's is;
//   - an answer over HTTP of a server that is overloaded or gone: a method
//     HTTPStatusCode that answers 429, 502, 503 or 504;
//   - one that MongoDB labels so: a method HasErrorLabel that knows
//     "NetworkError", "RetryableWriteError" or "TransientTransactionError".
//
// It never is after an error that says that the call itself was wrong:
// [core.ErrNotFound], core.ErrInvalidKey and the like, [core.ErrReadOnly],
// [core.ErrCorrupt], [core.ErrClosed], [errors.ErrUnsupported]; nor after
// [context.Canceled]. Any other error is not known to pass.
func Retryable(err error) bool {
	matches := func(target error) bool { return errors.Is(err, target) }
	if err == nil || slices.ContainsFunc(notRetryable, matches) {
		return false
	}
	var network net.Error
	var timeout interface{ Timeout() bool }
	var temporary interface{ Temporary() bool }
	var answer interface{ HTTPStatusCode() int }
	var labelled interface{ HasErrorLabel(string) bool }
	switch {
	case errors.As(err, &network),
		slices.ContainsFunc(broken, matches),
		errors.As(err, &timeout) && timeout.Timeout(),
		errors.As(err, &temporary) && temporary.Temporary():
		return true
	case errors.As(err, &answer) && slices.Contains([]int{429, 502, 503, 504}, answer.HTTPStatusCode()):
		return true
	case errors.As(err, &labelled):
		return slices.ContainsFunc([]string{"NetworkError", "RetryableWriteError", "TransientTransactionError"}, labelled.HasErrorLabel)
	}
	return false
}

// neverSent reports whether the error proves that nothing was sent: there was
// no connection.
func neverSent(err error) bool {
	var dial *net.OpError
	var lookup *net.DNSError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &lookup) || errors.Is(err, syscall.ECONNREFUSED)
}

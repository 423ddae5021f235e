package memcached

import (
	"bytes"
	"context"
	"net"
)

// exchange is a number of requests to one server that have a line for a reply.
// All are sent before the replies are read, or large parts of them.
type exchange struct {
	count  int
	append func(dst []byte, i int) []byte     // appends a request
	reply  func(i int, line []byte) (ok bool) // takes a reply, if it is one to the request
}

const (
	// maxUnanswered is how many requests are sent before replies are read.
	// Those must fit the buffers between the server and us.
	maxUnanswered = 1000

	// flushAt is from how many bytes of requests on they are sent, so that the
	// server works on some while we write others.
	flushAt = 32 << 10
)

// exchange sends the requests and returns how many were answered. With fewer
// than all it returns the error of the others, which may have been performed.
func (b *bulk) exchange(ctx context.Context, server net.Addr, e *exchange) (answered int, err error) {
	err = b.use(ctx, server, func(l *link) (err error) {
		for answered < e.count && err == nil {
			var n int
			n, err = e.part(ctx, l, answered)
			answered += n
		}
		return err
	})
	return answered, err
}

// part sends some requests, from the first that is not answered yet on, and
// returns how many of them were answered.
func (e *exchange) part(ctx context.Context, l *link, first int) (answered int, err error) {
	sent := min(e.count-first, maxUnanswered)
	l.buffer = l.buffer[:0]
	for i := range sent {
		l.buffer = e.append(l.buffer, first+i)
		if len(l.buffer) < flushAt && i+1 < sent {
			continue
		}
		if err := l.extend(ctx); err != nil {
			return 0, err
		}
		if _, err := l.Write(l.buffer); err != nil {
			return 0, err
		}
		l.buffer = l.buffer[:0]
	}
	for answered < sent {
		if err := l.extend(ctx); err != nil {
			return answered, err
		}
		line, err := l.line()
		if err != nil {
			return answered, err
		}
		if !e.reply(first+answered, line) {
			return answered, unexpected(line)
		}
		answered++
	}
	return answered, nil
}

// line reads a line, without its end, into the buffer of the replies.
func (l *link) line() ([]byte, error) {
	line, err := l.replies.ReadSlice('\n')
	return bytes.TrimSuffix(line, []byte("\r\n")), err
}

// unexpected returns the error for a line after which the connection cannot be
// used.
func unexpected(line []byte) error {
	for _, word := range []string{"SERVER_ERROR ", "CLIENT_ERROR ", "ERROR"} {
		if bytes.HasPrefix(line, []byte(word)) {
			return replied(string(line))
		}
	}
	return errUnexpected
}

package memcached

import (
	"bytes"
	"context"
	"io"
	"math"
	"net"
	"strconv"
)

// maxNames is how many items are asked for in one request.
const maxNames = 1000

// found is an item that was read.
type found struct {
	value []byte // which nobody else keeps
	token uint64 // for a conditional write; zero: the server has none
}

// gets reads items of one server. Those that are not there have no value. It
// returns how many items it has an answer for, and with fewer than all the
// error of the others.
//
// It does in one exchange what the driver's GetMulti does, and for a third of
// the driver's allocations.
func (b *bulk) gets(ctx context.Context, server net.Addr, names []string) (items []found, answered int, err error) {
	items = make([]found, len(names))
	err = b.use(ctx, server, func(l *link) (err error) {
		for answered < len(names) && err == nil {
			last := min(answered+maxNames, len(names))
			var n int
			n, err = l.gets(ctx, names[answered:last], items[answered:last])
			answered += n
		}
		return err
	})
	return items, answered, err
}

// gets reads items with one request.
func (l *link) gets(ctx context.Context, names []string, items []found) (answered int, err error) {
	l.buffer = append(l.buffer[:0], "gets"...)
	for _, name := range names {
		l.buffer = append(l.buffer, ' ')
		l.buffer = append(l.buffer, name...)
	}
	l.buffer = append(l.buffer, "\r\n"...)
	if err := l.extend(ctx); err != nil {
		return 0, err
	}
	if _, err := l.Write(l.buffer); err != nil {
		return 0, err
	}
	for {
		line, err := l.line()
		if err != nil {
			return answered, err
		}
		if string(line) == "END" {
			return len(names), nil
		}
		header, ok := parseHeader(line)
		if !ok {
			return answered, unexpected(line)
		}
		// The replies have the order of the names, without those that are
		// not there.
		at := answered
		for at < len(names) && string(header.name) != names[at] {
			at++
		}
		if at == len(names) {
			return answered, errUnexpected
		}
		if items[at], err = l.value(ctx, header); err != nil {
			return answered, err
		}
		answered = at + 1
	}
}

// value reads what comes behind a header.
func (l *link) value(ctx context.Context, h header) (found, error) {
	if err := l.extend(ctx); err != nil { // large ones take their time
		return found{}, err
	}
	value := make([]byte, h.size+len("\r\n"))
	if _, err := io.ReadFull(l.replies, value); err != nil {
		return found{}, err
	}
	value, ended := bytes.CutSuffix(value, []byte("\r\n"))
	if !ended {
		return found{}, errUnexpected
	}
	return found{value, h.token}, nil
}

// header is a line that says which item follows.
type header struct {
	name  []byte // within the line
	size  int
	token uint64
}

// parseHeader reads "VALUE name flags size token", of which a server without
// tokens leaves the last out.
func parseHeader(line []byte) (h header, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("VALUE "))
	if !ok {
		return header{}, false
	}
	h.name, rest, _ = bytes.Cut(rest, []byte(" "))
	flags, rest, _ := bytes.Cut(rest, []byte(" "))
	size, token, more := bytes.Cut(rest, []byte(" "))
	if _, ok = number(flags, math.MaxUint32); !ok || len(h.name) == 0 {
		return header{}, false
	}
	bytes, ok := number(size, math.MaxInt32)
	if !ok {
		return header{}, false
	}
	h.size = int(bytes)
	if more {
		h.token, ok = number(token, math.MaxUint64)
	}
	return h, ok
}

// number reads decimal digits.
func number(text []byte, limit uint64) (uint64, bool) {
	n, err := strconv.ParseUint(string(text), 10, 64)
	return n, err == nil && n <= limit
}

package memcached

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
)

var (
	// errNoTokens says that a server does not number its items.
	errNoTokens = errors.New("the server was started without check-and-set (-C), which the store needs for this")

	// errContention says that others changed an entry again and again.
	errContention = errors.New("other callers change the entry all the time")

	// errUnexpected says that a connection is out of step, or that what
	// answers is no Memcached. What it said is not repeated: it may be a value.
	errUnexpected = errors.New("the server's reply is not the one expected")
)

// failure returns what an error of the driver means to the layer above. A miss
// is one only where a server has said so.
func failure(err error) error {
	if err == nil {
		return nil
	}
	if err == memcache.ErrCacheMiss {
		return core.ErrNotFound
	}
	// The driver quotes the replies that it does not understand.
	if text := err.Error(); strings.HasPrefix(text, "memcache: unexpected ") {
		if at := strings.LastIndex(text, `: "`); at >= 0 {
			line, _, _ := strings.Cut(text[at+len(`: "`):], `\r`)
			return unexpected([]byte(line))
		}
		return errUnexpected
	}
	return err
}

// replied returns the error for a line in which a server reports one.
func replied(line string) error {
	if strings.Contains(line, "object too large") {
		return fmt.Errorf("%w: the server takes no item of that size", core.ErrTooLarge)
	}
	return fmt.Errorf("the server answers: %s", line)
}

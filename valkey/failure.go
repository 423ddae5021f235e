package valkey

import (
	"errors"
	"fmt"
	"strings"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
)

// failure returns what a server's answer means to the layer above, if it is an
// error.
func failure(err error) error {
	if err == nil {
		return nil
	}
	reply, ok := asReply(err)
	switch {
	case !ok:
		return err
	case reply.IsNil():
		return core.ErrNotFound
	case isWrongType(reply):
		return fmt.Errorf("%w: what lies there is not a string: %w", core.ErrCorrupt, err)
	case isUnknownCommand(reply):
		return &unknownCommand{err}
	}
	return err
}

// hasReply reports whether the server has answered, with an error or without.
func hasReply(err error) bool {
	if err == nil {
		return true
	}
	_, ok := asReply(err)
	return ok
}

// asReply returns the server's answer in an error. What is around a client may
// have wrapped it.
func asReply(err error) (*valkey.ValkeyError, bool) {
	if reply, ok := err.(*valkey.ValkeyError); ok {
		return reply, true // without the allocation below
	}
	var reply *valkey.ValkeyError
	ok := errors.As(err, &reply)
	return reply, ok
}

// isWrongType reports whether the server says that something else than a
// string lies under the key.
func isWrongType(reply *valkey.ValkeyError) bool {
	return strings.HasPrefix(reply.Error(), "WRONGTYPE")
}

func isUnknownCommand(reply *valkey.ValkeyError) bool {
	return strings.HasPrefix(reply.Error(), "unknown command")
}

// isRefused reports whether the server does not let this user run a command,
// or does not have it.
func isRefused(err error) bool {
	reply, ok := asReply(err)
	return ok && (strings.HasPrefix(reply.Error(), "NOPERM") || isUnknownCommand(reply))
}

// isElsewhere reports whether an error says that another node of the cluster
// has the key by now.
func isElsewhere(err error) bool {
	reply, ok := asReply(err)
	if !ok {
		return false
	}
	_, moved := reply.IsMoved()
	_, asked := reply.IsAsk()
	return moved || asked
}

// unknownCommand is the server's word that it does not have a command, without
// the arguments that it repeats, of which one may be a value.
type unknownCommand struct{ err error }

func (u *unknownCommand) Error() string {
	text, _, _ := strings.Cut(u.err.Error(), ", with args")
	return text + ": the store needs Valkey, or Redis 6.2 or later, with its usual commands"
}

// Unwrap returns the answer itself.
func (u *unknownCommand) Unwrap() error { return u.err }

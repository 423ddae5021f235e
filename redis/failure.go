package redis

import (
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
)

// failure returns what an error of the driver means to the layer above.
func failure(err error) error {
	switch {
	case err == nil:
		return nil
	case err == redis.Nil || errors.Is(err, redis.Nil): // a hook may have wrapped it
		return core.ErrNotFound
	case isWrongType(err):
		return fmt.Errorf("%w: what lies there is not a string: %w", core.ErrCorrupt, err)
	case isUnknownCommand(err):
		return &unknownCommand{err}
	}
	return err
}

// isWrongType reports whether the server says that something else than a
// string lies under the key.
func isWrongType(err error) bool { return redis.HasErrorPrefix(err, "WRONGTYPE") }

func isUnknownCommand(err error) bool { return redis.HasErrorPrefix(err, "unknown command") }

// isRefused reports whether the server does not let this user run a command,
// or does not have it.
func isRefused(err error) bool {
	return redis.IsPermissionError(err) || isUnknownCommand(err)
}

// unknownCommand is the server's word that it does not have a command, without
// the arguments that it repeats, of which one may be a value.
type unknownCommand struct{ err error }

func (u *unknownCommand) Error() string {
	text, _, _ := strings.Cut(u.err.Error(), ", with args")
	return text + ": the store needs Redis 6.2 or later, with its usual commands"
}

func (u *unknownCommand) Unwrap() error { return u.err }

// isReply reports whether an error is the server's answer: it has not performed
// the command, or there was nothing to perform it on.
func isReply(err error) bool {
	var reply redis.Error
	return err == redis.Nil || errors.As(err, &reply)
}

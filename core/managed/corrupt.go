package managed

import (
	"errors"
	"strconv"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// corruption says what is wrong with an entry and where. It holds nothing of
// the entry itself, which is a user's data.
type corruption struct {
	reason string
	offset int
}

func (c *corruption) Error() string {
	return core.ErrCorrupt.Error() + ": " + c.reason + " at byte " + strconv.Itoa(c.offset)
}

// Unwrap makes the error match [core.ErrCorrupt].
func (c *corruption) Unwrap() error { return core.ErrCorrupt }

// corrupt returns an error that matches [core.ErrCorrupt].
func corrupt(reason string, offset int) error {
	return &corruption{reason, offset}
}

// corruptSyntax is corrupt for an error of package jsonscan.
func corruptSyntax(err error) error {
	var syntax *jsonscan.SyntaxError
	errors.As(err, &syntax)
	return corrupt(syntax.Reason(), syntax.Offset)
}

package mongodb

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/go-keyvalue/keyvalue/core"
)

var errUnacknowledged = errors.New("the client's write concern is that of unacknowledged writes")

// failure returns what an error of the driver means to the layer above.
func failure(err error) error {
	switch e := err.(type) {
	case mongo.CommandError:
		// One without a code is of the connection.
		if e.Code != 0 {
			return tooLarge(&refusal{name: e.Name, code: int(e.Code), err: err})
		}
	case mongo.WriteException:
		if len(e.WriteErrors) > 0 {
			return tooLarge(&refusal{code: e.WriteErrors[0].Code, err: err})
		}
		if e.WriteConcernError != nil {
			return unsafeWrite(e.WriteConcernError)
		}
	case mongo.BulkWriteException:
		if e.WriteConcernError != nil {
			return unsafeWrite(e.WriteConcernError)
		}
	case mongo.WriteError:
		return tooLarge(&refusal{code: e.Code, err: err})
	}
	return err
}

// unsafeWrite returns the error for a write that was done, but not on as many
// servers as it should have been.
func unsafeWrite(e *mongo.WriteConcernError) error {
	return &refusal{name: "write concern: " + e.Name, code: e.Code, err: e}
}

// refusal is an error that the server has answered. The server's text may
// repeat the command with its values, or what a foreign index holds: it is left
// out, and is to be had from the driver's error within.
type refusal struct {
	name string
	code int
	err  error
}

func (r *refusal) Error() string {
	if r.name == "" {
		return fmt.Sprintf("the server refused it with code %d", r.code)
	}
	return fmt.Sprintf("the server refused it with code %d (%s)", r.code, r.name)
}

// Unwrap returns the driver's error.
func (r *refusal) Unwrap() error { return r.err }

// tooLarge is core.ErrTooLarge for what the server says is too large.
func tooLarge(r *refusal) error {
	switch r.code {
	case 10334, 17280, 17419, 17420: // a document, a key of an index, an updated document
		return fmt.Errorf("%w: %w", core.ErrTooLarge, r)
	}
	return r
}

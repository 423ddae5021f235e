package dynamodb

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// failure returns the error of a request as the layer is to see it.
func (b *backend) failure(err error) error {
	switch {
	case err == nil:
		return nil
	case isMissing(err) && b.options.NoCreate:
		return fmt.Errorf("%w: the table is missing: %w", core.ErrSetup, err)
	case isMissing(err):
		return fmt.Errorf("%w: %w", driver.ErrNotSetUp, err)
	case isTooLarge(err):
		return fmt.Errorf("%w: %w", core.ErrTooLarge, err)
	}
	return err
}

// isMissing reports whether the error says that there is no table, or that it
// is not ready yet.
func isMissing(err error) bool {
	var missing *types.ResourceNotFoundException
	return errors.As(err, &missing)
}

// isTooLarge reports whether the error says that an item is too large, which
// servers other than Amazon's may count in another way.
func isTooLarge(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ValidationException" &&
		strings.Contains(api.ErrorMessage(), "Item size has exceeded")
}

// isRefused reports whether the error proves that the request was not
// performed: the server refused it, or there was no connection to send it on.
// An error of the server itself proves nothing.
func isRefused(err error) bool {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		code := response.HTTPStatusCode()
		return code >= http.StatusBadRequest && code < http.StatusInternalServerError
	}
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "dial"
}

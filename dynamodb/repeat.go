package dynamodb

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
)

// unrepeated has the client repeat a request only if it was refused. What was
// performed, although the reply was lost, would be denied by the reply to the
// second request.
func unrepeated(o *dynamodb.Options) {
	o.Retryer = retryer{wrap(o.Retryer), func(err error, retryable bool) bool { return retryable && isRefused(err) }}
}

// repeated has the client repeat a read also if its reply was cut off and so
// cannot be understood, which the SDK alone does not.
func repeated(o *dynamodb.Options) {
	o.Retryer = retryer{wrap(o.Retryer), func(err error, retryable bool) bool {
		var unread *smithy.DeserializationError
		return retryable || errors.As(err, &unread)
	}}
}

// retryer is that of a client, with another opinion on which errors are worth
// another attempt.
type retryer struct {
	aws.RetryerV2
	judge func(err error, retryable bool) bool
}

// IsErrorRetryable reports whether the request is to be sent again.
func (r retryer) IsErrorRetryable(err error) bool {
	return r.judge(err, r.RetryerV2.IsErrorRetryable(err))
}

// wrap returns a retryer as one of the second version: adding no codes at all
// does that.
func wrap(r aws.Retryer) aws.RetryerV2 {
	if second, ok := r.(aws.RetryerV2); ok {
		return second
	}
	if second, ok := retry.AddWithErrorCodes(r).(aws.RetryerV2); ok {
		return second
	}
	return aws.NopRetryer{}
}

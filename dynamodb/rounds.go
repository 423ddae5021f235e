package dynamodb

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// DynamoDB may leave a part of a batch unprocessed, because the answer is
// large enough or the table is busy. The rest is sent again after a while that
// doubles as long as nothing at all is processed, which may happen idleRounds
// times in a row: some five seconds.
const (
	idleRounds = 9
	firstPause = 20 * time.Millisecond
	lastPause  = 2 * time.Second
)

// rounds sends a batch until nothing is left of it. The function send sends
// what is left and returns how much is left then.
func rounds(ctx context.Context, left int, send func() (left int, err error)) error {
	wait := backoff{base: firstPause, limit: lastPause}
	for idle := 0; ; {
		before := left
		var err error
		if left, err = send(); err != nil || left == 0 {
			return err
		}
		if left < before {
			idle, wait.base = 0, firstPause
		} else if idle++; idle == idleRounds {
			return &types.ProvisionedThroughputExceededException{
				Message: aws.String(fmt.Sprintf("left unprocessed %d times in a row", idle)),
			}
		}
		if err := wait.pause(ctx); err != nil {
			return err
		}
	}
}

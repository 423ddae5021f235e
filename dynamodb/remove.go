package dynamodb

import (
	"context"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// remove removes items, each only if it is still what was read, and returns
// how many it has removed. What has changed meanwhile stays.
func (b *backend) remove(ctx context.Context, items []item) (int, error) {
	var removed atomic.Int64
	errs := parallel(ctx, len(items), concurrency, func(n int) error {
		must := unchanged(items[n])
		_, err := b.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: b.table, Key: keyOf(items[n]),
			ConditionExpression:       must.expression,
			ExpressionAttributeNames:  must.names,
			ExpressionAttributeValues: must.values,
		})
		if _, changed := unmet(err); changed {
			return nil
		}
		if err == nil {
			removed.Add(1)
		}
		return b.failure(err)
	})
	return int(removed.Load()), firstOf(errs)
}

// firstOf returns the first of several errors, which mostly say the same.
func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

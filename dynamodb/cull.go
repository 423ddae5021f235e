package dynamodb

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
)

// Cull removes the entries that have expired and that DynamoDB still holds,
// which it may for days. It goes by the attribute `ttl`, as DynamoDB does, and
// then by the time in the entry. What cannot be decoded stays.
func (b *backend) Cull(ctx context.Context, now time.Time) (int, error) {
	count := 0
	p := b.inTable(aws.Bool(true), expiredBefore(ceiling(now)))
	for p.more() {
		page, err := p.next(ctx)
		if err != nil {
			return count, err
		}
		var expired []item
		for _, i := range page {
			f, err := examine(i)
			if err == nil && f.named && (core.Entry{ExpiresAt: f.expiresAt}).ExpiredAt(now) {
				expired = append(expired, i)
			}
		}
		removed, err := b.remove(ctx, expired)
		count += removed
		if err != nil {
			return count, err
		}
	}
	return count, nil
}

// expiredBefore passes items whose attribute is that second or earlier.
func expiredBefore(second int64) filter {
	return func() condition {
		return condition{
			expression: aws.String("#ttl <= :second"),
			names:      map[string]string{"#ttl": ttlAttribute},
			values:     item{":second": &types.AttributeValueMemberN{Value: strconv.FormatInt(second, 10)}},
		}
	}
}

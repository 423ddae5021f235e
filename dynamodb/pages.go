package dynamodb

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// pages reads the items of a collection or of the table, page by page. Between
// two of them it holds nothing.
type pages struct {
	fetch func(ctx context.Context, after item) (page []item, last item, err error)
	after item // the primary key of the last item read
	ended bool
}

// next returns the next page, which may be empty.
func (p *pages) next(ctx context.Context) ([]item, error) {
	page, last, err := p.fetch(ctx, p.after)
	if err != nil {
		return nil, err
	}
	p.after, p.ended = last, len(last) == 0
	return page, nil
}

// more reports whether there may be another page.
func (p *pages) more() bool { return !p.ended }

// pageLimit is how many items DynamoDB looks at for a page, at most: a page
// ends after 1 MB, too.
var pageLimit = aws.Int32(driver.PageSize)

// inCollection returns the items of a collection in the order of their keys.
func (b *backend) inCollection(collection string, consistent *bool) *pages {
	partition, _ := primaryKey(collection, "")[collectionAttribute]
	return &pages{fetch: func(ctx context.Context, after item) ([]item, item, error) {
		output, err := b.client.Query(ctx, &dynamodb.QueryInput{
			TableName: b.table, ConsistentRead: consistent, Limit: pageLimit, ExclusiveStartKey: after,
			KeyConditionExpression:    aws.String("#collection = :collection"),
			ExpressionAttributeNames:  map[string]string{"#collection": collectionAttribute},
			ExpressionAttributeValues: item{":collection": partition},
		}, repeated)
		if err != nil {
			return nil, nil, b.failure(err)
		}
		return output.Items, output.LastEvaluatedKey, nil
	}}
}

// filter is what items of the table are to be sent. DynamoDB reads, and bills,
// all of them nevertheless. The zero filter is all.
type filter func() condition

// inTable returns the items of the table that pass a filter, in no order. The
// filter may be nil, and is asked before each page.
func (b *backend) inTable(consistent *bool, only filter) *pages {
	return &pages{fetch: func(ctx context.Context, after item) ([]item, item, error) {
		input := &dynamodb.ScanInput{TableName: b.table, ConsistentRead: consistent, Limit: pageLimit, ExclusiveStartKey: after}
		if only != nil {
			c := only()
			input.FilterExpression, input.ExpressionAttributeNames, input.ExpressionAttributeValues = c.expression, c.names, c.values
		}
		output, err := b.client.Scan(ctx, input, repeated)
		if err != nil {
			return nil, nil, b.failure(err)
		}
		return output.Items, output.LastEvaluatedKey, nil
	}}
}

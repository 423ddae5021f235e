package dynamodb

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// backend keeps each record as one item of a table.
type backend struct {
	client  *dynamodb.Client
	table   *string
	options Options
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.BatchGetter         = (*backend)(nil)
	_ driver.BatchPutter         = (*backend)(nil)
	_ driver.Inserter            = (*backend)(nil)
	_ driver.InsertConfirmer     = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Culler              = (*backend)(nil)
	_ driver.Setupper            = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

func newBackend(client *dynamodb.Client, options *Options) (*backend, error) {
	if client == nil {
		return nil, invalidOptions("the client is nil")
	}
	o := options.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	return &backend{client: client, table: aws.String(o.Table), options: o}, nil
}

// consistent is what reads for the caller are to ask for.
func (b *backend) consistent() *bool { return aws.Bool(!b.options.EventualReads) }

// Get reads one entry.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	i, err := b.read(ctx, primaryKey(collection, key), b.consistent())
	if err != nil {
		return core.Entry{}, err
	}
	return entryOf(i, collection, key)
}

// read returns the item under the primary key, or core.ErrNotFound.
func (b *backend) read(ctx context.Context, key item, consistent *bool) (item, error) {
	output, err := b.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: b.table, Key: key, ConsistentRead: consistent}, repeated)
	if err != nil {
		return nil, b.failure(err)
	}
	if len(output.Item) == 0 {
		return nil, core.ErrNotFound
	}
	return output.Item, nil
}

// Put writes one record.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	i, err := encode(record)
	if err != nil {
		return err
	}
	_, err = b.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: b.table, Item: i})
	return b.failure(err)
}

// Delete removes one record, which DynamoDB sends back. A request that may
// have been performed is not repeated: it would find nothing.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	output, err := b.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: b.table, Key: primaryKey(collection, key), ReturnValues: types.ReturnValueAllOld,
		ConditionExpression: present.expression, ExpressionAttributeNames: present.names,
	}, unrepeated)
	if _, nothing := unmet(err); nothing {
		return false, nil
	}
	if err != nil {
		return false, b.failure(err)
	}
	if len(output.Attributes) == 0 {
		return false, nil
	}
	entry, err := entryOf(output.Attributes, collection, key)
	// What is no entry is removed too, and was none.
	return err == nil && !entry.ExpiredAt(now), nil
}

// Ping asks for the table, which need not be there if the store may make it.
func (b *backend) Ping(ctx context.Context) error {
	_, err := b.describe(ctx)
	if isMissing(err) && !b.options.NoCreate {
		return nil
	}
	return b.failure(err)
}

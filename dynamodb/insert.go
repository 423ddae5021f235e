package dynamodb

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// insertAttempts is how often Insert tries again when what stood in its way
// has changed meanwhile. Each time there was something.
const insertAttempts = 8

// Insert writes the record on the condition that there is nothing. DynamoDB
// answers with what is there: if that has expired, it is replaced on the
// condition that it is still the same.
//
// Neither write is repeated once it may have been performed. When the reply is
// lost, Insert looks whether its record is there, and otherwise does not know.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	written, err := encode(record)
	if err != nil {
		return false, err
	}
	must := absent
	for range insertAttempts {
		err := b.putIf(ctx, written, must)
		if err == nil {
			return true, nil
		}
		there, refused := unmet(err)
		if !refused {
			return b.despite(ctx, record, b.failure(err))
		}
		if len(there) == 0 && must.values == nil {
			// Servers that do not send the item along have one all the same.
			there, err = b.read(ctx, keyOf(written), aws.Bool(true))
			if err != nil && err != core.ErrNotFound {
				return false, err
			}
		}
		if len(there) == 0 {
			must = absent
			continue
		}
		if done, inserted, err := judge(there, record); done {
			return inserted, err
		}
		must = unchanged(there)
	}
	return false, nil
}

// putIf writes an item on a condition.
func (b *backend) putIf(ctx context.Context, i item, must condition) error {
	_, err := b.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: b.table, Item: i,
		ConditionExpression:                 must.expression,
		ExpressionAttributeNames:            must.names,
		ExpressionAttributeValues:           must.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}, unrepeated)
	return err
}

// judge looks at what stands in the way of a record: done says that it settles
// the matter, and otherwise it may be replaced.
func judge(there item, record *driver.Record) (done, inserted bool, err error) {
	envelope, err := envelopeOf(there)
	switch {
	case err != nil:
		return true, false, err
	case !envelope.Belongs(record.Collection, record.Key): // another pair's, put there by another program
		return false, false, nil
	case envelope.InsertID() == record.InsertID && record.InsertID != "": // somebody on the way repeated the request
		return true, true, nil
	}
	return !envelope.ExpiredAt(record.CreatedAt), false, nil
}

// despite is the answer of an Insert that failed: true if its record is there
// nevertheless, because only the reply was lost, and otherwise the error.
func (b *backend) despite(ctx context.Context, record *driver.Record, err error) (bool, error) {
	if isRefused(err) || ctx.Err() != nil {
		return false, err
	}
	if id, lookErr := b.InsertID(ctx, record.Collection, record.Key); lookErr == nil && id == record.InsertID {
		return true, nil
	}
	return false, err
}

// InsertID returns the id of the record under the names.
func (b *backend) InsertID(ctx context.Context, collection, key string) (string, error) {
	i, err := b.read(ctx, primaryKey(collection, key), aws.Bool(true))
	if err != nil {
		return "", err
	}
	envelope, err := envelopeOf(i)
	if err != nil {
		return "", err
	}
	return envelope.InsertID(), nil
}

package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// setupPatience is how long a table may take until it is ready, where the
// context does not say less.
const setupPatience = 5 * time.Minute

// Setup sees to it that there is a table with the right keys that can be
// written to, and that DynamoDB removes what has expired from it.
func (b *backend) Setup(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, setupPatience, errors.New("the table is not ready after five minutes"))
	defer cancel()
	for wait := (backoff{base: 50 * time.Millisecond, limit: 2 * time.Second}); ; {
		table, err := b.describe(ctx)
		switch {
		case isMissing(err) && !b.options.NoCreate:
			err = b.create(ctx)
		case err == nil:
			ready, err := isReady(table)
			if err != nil {
				return err
			}
			if ready {
				return b.expire(ctx)
			}
		}
		if err != nil {
			return b.failure(err)
		}
		if err := wait.pause(ctx); err != nil {
			return err
		}
	}
}

func (b *backend) describe(ctx context.Context) (*types.TableDescription, error) {
	output, err := b.client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: b.table})
	if err != nil {
		return nil, err
	}
	return output.Table, nil
}

// create asks for the table to be made, or finds that somebody else does so.
func (b *backend) create(ctx context.Context) error {
	input := &dynamodb.CreateTableInput{BillingMode: types.BillingModePayPerRequest}
	if b.options.CreateTable != nil {
		b.options.CreateTable(input)
	}
	input.TableName = b.table
	input.KeySchema = []types.KeySchemaElement{
		{AttributeName: aws.String(collectionAttribute), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(keyAttribute), KeyType: types.KeyTypeRange},
	}
	input.AttributeDefinitions = []types.AttributeDefinition{
		{AttributeName: aws.String(collectionAttribute), AttributeType: types.ScalarAttributeTypeS},
		{AttributeName: aws.String(keyAttribute), AttributeType: types.ScalarAttributeTypeS},
	}
	_, err := b.client.CreateTable(ctx, input)
	var exists *types.ResourceInUseException
	if errors.As(err, &exists) {
		return nil
	}
	return err
}

// isReady reports whether a table can be written to. A table that is not ours
// to use is an error.
func isReady(table *types.TableDescription) (bool, error) {
	switch table.TableStatus {
	case types.TableStatusActive, types.TableStatusUpdating:
	case types.TableStatusCreating, types.TableStatusDeleting:
		return false, nil
	default:
		return false, fmt.Errorf("the table is in the state %s", table.TableStatus)
	}
	kinds := make(map[string]types.ScalarAttributeType)
	for _, attribute := range table.AttributeDefinitions {
		kinds[aws.ToString(attribute.AttributeName)] = attribute.AttributeType
	}
	keys := make(map[types.KeyType]string)
	for _, element := range table.KeySchema {
		keys[element.KeyType] = aws.ToString(element.AttributeName)
	}
	if keys[types.KeyTypeHash] != collectionAttribute || keys[types.KeyTypeRange] != keyAttribute ||
		kinds[collectionAttribute] != types.ScalarAttributeTypeS || kinds[keyAttribute] != types.ScalarAttributeTypeS {
		return false, errors.New("the table has other keys than the strings `collection` and `key`")
	}
	return true, nil
}

// expire has DynamoDB remove items from a table that is ready, by their
// attribute. Where it does so by any attribute already, that is left alone.
func (b *backend) expire(ctx context.Context) error {
	if b.options.NoCreate {
		return nil
	}
	if expires, err := b.expires(ctx); err != nil || expires {
		return err
	}
	_, err := b.client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: b.table,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(ttlAttribute), Enabled: aws.Bool(true),
		},
	})
	if err == nil {
		return nil
	}
	// That another process was faster is an error like any other.
	if expires, describeErr := b.expires(ctx); describeErr == nil && expires {
		return nil
	}
	return err
}

// expires reports whether DynamoDB removes items from the table.
func (b *backend) expires(ctx context.Context) (bool, error) {
	output, err := b.client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: b.table})
	if err != nil {
		return false, err
	}
	d := output.TimeToLiveDescription
	return d != nil && d.TimeToLiveStatus != types.TimeToLiveStatusDisabled, nil
}

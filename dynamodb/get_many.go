package dynamodb

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// readBatch is how many items one request may ask for.
const readBatch = 100

// GetMany reads the entries in batches.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries := make([]core.Entry, len(keys))
	failed := make([]error, len(keys))
	chunks := slices.Collect(slices.Chunk(keys, readBatch))
	errs := parallel(ctx, len(chunks), batches, func(n int) error {
		first := n * readBatch
		last := first + len(chunks[n])
		return b.getBatch(ctx, collection, chunks[n], entries[first:last], failed[first:last])
	})
	if err := together(errs); err != nil {
		return nil, err
	}
	keyErrors := make(driver.KeyErrors)
	for i, key := range keys {
		switch {
		case errs[i/readBatch] != nil && !entries[i].Found() && failed[i] == nil:
			// It was not among those that were read before the error.
			keyErrors[key] = errs[i/readBatch]
		case failed[i] != nil:
			keyErrors[key] = failed[i]
		}
	}
	if len(keyErrors) > 0 {
		return entries, keyErrors
	}
	return entries, nil
}

// together returns the error of a whole call: that there is no table, which
// any batch may have found, or the first one if every batch failed.
func together(errs []error) error {
	for _, err := range errs {
		if errors.Is(err, driver.ErrNotSetUp) {
			return err
		}
	}
	if slices.Contains(errs, nil) {
		return nil
	}
	return errs[0]
}

// getBatch reads the entries of one batch to their places. An entry that
// cannot be decoded has an error of its own.
func (b *backend) getBatch(ctx context.Context, collection string, keys []string, entries []core.Entry, failed []error) error {
	places := make(map[string]int, len(keys))
	left := make([]map[string]types.AttributeValue, len(keys))
	for i, key := range keys {
		left[i] = primaryKey(collection, key)
		name, _ := text(left[i], keyAttribute)
		places[name] = i
	}
	return rounds(ctx, len(keys), func() (int, error) {
		output, err := b.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{*b.table: {Keys: left, ConsistentRead: b.consistent()}},
		}, repeated)
		if err != nil {
			return 0, b.failure(err)
		}
		for _, i := range only(output.Responses) {
			name, _ := text(i, keyAttribute)
			place, asked := places[name]
			if !asked {
				continue
			}
			entry, err := entryOf(i, collection, keys[place])
			if err != nil && err != core.ErrNotFound {
				failed[place] = err
			}
			entries[place] = entry
		}
		left = only(output.UnprocessedKeys).Keys
		return len(left), nil
	})
}

// only returns the element of a map that has one at most: that of the table,
// by whichever of its names DynamoDB calls it.
func only[V any](of map[string]V) (element V) {
	for _, element = range of {
		break
	}
	return element
}

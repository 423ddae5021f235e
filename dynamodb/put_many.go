package dynamodb

import (
	"context"
	"errors"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

const (
	// writeBatch is how many items one request may write.
	writeBatch = 25

	// maxRequest is how many bytes one request may have: 16 MB, less some for
	// its frame.
	maxRequest = 15 << 20
)

// PutMany writes the records in batches.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	// All of them before any is written. As for any other argument that is
	// refused, the error names the key which is to blame.
	if err := checkRecords(records); err != nil {
		return err
	}
	chunks := split(records)
	failed := make([]driver.KeyErrors, len(chunks))
	errs := parallel(ctx, len(chunks), batches, func(n int) error {
		var err error
		failed[n], err = b.putBatch(ctx, chunks[n])
		return err
	})
	all := make(driver.KeyErrors)
	for n, err := range errs {
		switch {
		case errors.Is(err, driver.ErrNotSetUp):
			return err // and then all is written again
		case err != nil && failed[n] == nil: // it was not begun
			for _, record := range chunks[n] {
				all[record.Key] = err
			}
		}
		maps.Copy(all, failed[n])
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

// putBatch writes records in one request, and what is left of them in others.
// On failure it returns the keys of those that have not been written.
func (b *backend) putBatch(ctx context.Context, records []driver.Record) (driver.KeyErrors, error) {
	keys := make(map[string]string, len(records))
	left := make([]types.WriteRequest, len(records))
	for n := range records {
		i, err := encode(&records[n])
		if err != nil {
			return nil, err
		}
		name, _ := text(i, keyAttribute)
		keys[name] = records[n].Key
		left[n] = types.WriteRequest{PutRequest: &types.PutRequest{Item: i}}
	}
	err := rounds(ctx, len(left), func() (int, error) {
		output, err := b.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{*b.table: left},
		})
		if err != nil {
			return 0, b.failure(err)
		}
		left = only(output.UnprocessedItems)
		return len(left), nil
	})
	if err == nil {
		return nil, nil
	}
	failed := make(driver.KeyErrors, len(left))
	for _, request := range left {
		if request.PutRequest != nil {
			name, _ := text(request.PutRequest.Item, keyAttribute)
			failed[keys[name]] = err
		}
	}
	return failed, err
}

// checkRecords refuses a batch for its records that are too large, of which it
// returns the errors. Hardly any record needs to be encoded for that.
func checkRecords(records []driver.Record) error {
	refused := make(driver.KeyErrors)
	for n := range records {
		r := &records[n]
		if frame+longestEscape*(len(r.Collection)+len(r.Key))+len(r.Value) <= maxItem {
			continue
		}
		if _, err := encode(r); err != nil {
			refused[r.Key] = err
		}
	}
	if len(refused) > 0 {
		return refused
	}
	return nil
}

const (
	// frame is more than an item has beside value and names, which lie in it
	// twice: as its primary key, hashed if they are long, and in the entry.
	frame = 512 + 2*6

	// longestEscape is how many bytes a byte of a name becomes at most, in the
	// primary key, where a name that looks encoded is escaped, and in the entry.
	longestEscape = 3 + 6
)

// split cuts records into batches that fit into a request each.
func split(records []driver.Record) (chunks [][]driver.Record) {
	first, size := 0, 0
	for n := range records {
		bytes := sent(&records[n])
		if n > first && (n-first == writeBatch || size+bytes > maxRequest) {
			chunks = append(chunks, records[first:n])
			first, size = n, 0
		}
		size += bytes
	}
	return append(chunks, records[first:])
}

// sent returns how many bytes a record has at most in a request, where its
// item is JSON once more. A record of the largest size fits.
func sent(record *driver.Record) int {
	bytes := 2*frame + 2*longestEscape*(len(record.Collection)+len(record.Key)) + len(record.Value)
	for _, c := range record.Value {
		switch {
		case c == '"', c == '\\', c < ' ':
			bytes++
		case c == 0xe2: // may begin a separator of lines, which becomes six bytes
			bytes += 3
		}
	}
	return bytes
}

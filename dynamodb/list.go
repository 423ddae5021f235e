package dynamodb

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Keys lists the keys of the collection.
func (b *backend) Keys(_ context.Context, collection string) (driver.Pager, error) {
	return &pager{pages: b.inCollection(collection, b.consistent()), list: listKeys(collection)}, nil
}

// Collections lists the collections that occur in the table.
func (b *backend) Collections(context.Context) (driver.Pager, error) {
	var c collections
	return &pager{pages: b.inTable(b.consistent(), c.filter), list: c.list}, nil
}

// pager makes a listing of pages of items.
type pager struct {
	*pages
	list func(page []item) []driver.Listed
}

// Next returns what is on the next page.
func (p *pager) Next(ctx context.Context) (page []driver.Listed, more bool, err error) {
	items, err := p.next(ctx)
	if err != nil {
		return nil, false, err
	}
	return p.list(items), p.more(), nil
}

// Close has nothing to release.
func (p *pager) Close() error { return nil }

// listKeys returns a function that lists the keys of items of the collection.
func listKeys(collection string) func(page []item) []driver.Listed {
	return func(page []item) []driver.Listed {
		listed := make([]driver.Listed, 0, len(page))
		for _, i := range page {
			f, err := examine(i)
			switch {
			case err == errElsewhere, err == nil && f.collection != collection:
			case err != nil:
				listed = append(listed, driver.Listed{Err: err})
			default:
				listed = append(listed, driver.Listed{Name: f.key, ExpiresAt: f.expiresAt})
			}
		}
		return listed
	}
}

// collections is a listing of collections.
type collections struct {
	live []types.AttributeValue // primary keys of those found to be, the last knownAtOnce
	last string
}

// knownAtOnce is how many collections a filter leaves out: DynamoDB takes 100
// values in one list.
const knownAtOnce = 100

// list lists the collections of items. What cannot be decoded is no sign of
// one.
func (c *collections) list(page []item) []driver.Listed {
	var listed []driver.Listed
	for _, i := range page {
		f, err := examine(i)
		if err != nil || f.collection == c.last {
			continue
		}
		listed = append(listed, driver.Listed{Name: f.collection, ExpiresAt: f.expiresAt})
		if (core.Entry{ExpiresAt: f.expiresAt}).Expired() {
			continue
		}
		c.last = f.collection
		c.live = append(c.live, i[collectionAttribute])
		c.live = c.live[max(0, len(c.live)-knownAtOnce):]
	}
	return listed
}

// filter leaves out items of collections that are known already: items of one
// collection lie together, and those of a large one need not be sent.
func (c *collections) filter() condition {
	if len(c.live) == 0 {
		return condition{}
	}
	known := condition{names: map[string]string{"#collection": collectionAttribute}, values: make(item, len(c.live))}
	placeholders := make([]string, len(c.live))
	for n, name := range c.live {
		placeholders[n] = ":" + strconv.Itoa(n)
		known.values[placeholders[n]] = name
	}
	known.expression = aws.String("NOT (#collection IN (" + strings.Join(placeholders, ",") + "))")
	return known
}

package dynamodb

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/go-keyvalue/keyvalue/core"
)

// DestroyCollection removes the entries of the collection. What lies in it and
// is no entry stays, as it may be another program's, and is an error.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	var live bool
	var left leftovers
	p := b.inCollection(collection, aws.Bool(true))
	for p.more() {
		page, err := p.next(ctx)
		if err != nil {
			return live, err
		}
		var ours []item
		for _, i := range page {
			f, err := examine(i)
			switch {
			case err == errElsewhere, err == nil && f.collection != collection:
			case err != nil:
				left.add(i, err)
			case !f.named:
				left.add(i, fmt.Errorf("%w: it does not name its collection and key", core.ErrCorrupt))
			default:
				ours = append(ours, i)
				live = live || !(core.Entry{ExpiresAt: f.expiresAt}).ExpiredAt(now)
			}
		}
		if _, err := b.remove(ctx, ours); err != nil {
			return live, err
		}
	}
	return live, left.result()
}

// Destroy removes every entry of this library, Python's included. What cannot
// be decoded may be another program's and stays, and so does the table.
func (b *backend) Destroy(ctx context.Context) error {
	p := b.inTable(aws.Bool(true), nil)
	for p.more() {
		page, err := p.next(ctx)
		if err != nil {
			return err
		}
		var ours []item
		for _, i := range page {
			if f, err := examine(i); err == nil && f.named {
				ours = append(ours, i)
			}
		}
		if _, err := b.remove(ctx, ours); err != nil {
			return err
		}
	}
	return nil
}

// leftovers are the errors for what was left in a collection.
type leftovers []error

func (l *leftovers) add(i item, err error) {
	key, _ := text(i, keyAttribute)
	*l = append(*l, fmt.Errorf("%.200q: %w", key, err))
}

func (l leftovers) result() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error names the first.
func (l leftovers) Error() string {
	if len(l) == 1 {
		return "left " + l[0].Error()
	}
	return fmt.Sprintf("left %d items that are no entries, such as %v", len(l), l[0])
}

// Unwrap returns all.
func (l leftovers) Unwrap() []error { return l }

package dynamodb

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// DestroyCollection removes the entries of the collection. What lies in it and
// is no entry stays, as it may be another program's, and is an error.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	var live bool
	var left []error
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
				left = append(left, leftover(i, err))
			case !f.named:
				left = append(left, leftover(i, fmt.Errorf("%w: it does not name its collection and key", core.ErrCorrupt)))
			default:
				ours = append(ours, i)
				live = live || !(core.Entry{ExpiresAt: f.expiresAt}).ExpiredAt(now)
			}
		}
		if _, err := b.remove(ctx, ours); err != nil {
			return live, err
		}
	}
	return live, driver.Leftovers("items", left)
}

// leftover names an item that is no entry.
func leftover(i item, err error) error {
	key, _ := text(i, keyAttribute)
	return fmt.Errorf("%.200q: %w", key, err)
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

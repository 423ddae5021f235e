package rocksdb

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// Keys lists the keys of the collection in byte order.
func (b *backend) Keys(_ context.Context, collection string) (driver.Pager, error) {
	lower, upper := bounds(collection)
	p := &pager{backend: b, query: librocksdb.Query{Upper: upper, Limit: driver.PageSize}}
	p.query.Lower = lower
	prefix := len(lower)
	p.listed = func(r librocksdb.Record) (driver.Listed, bool) {
		key := string(r.Key[prefix:])
		listed := driver.Listed{Name: key, ExpiresAt: timeOf(r.Expiry)}
		if r.Kind == librocksdb.Other {
			listed.Err = fmt.Errorf("%w: it has not the form of one", core.ErrCorrupt)
		}
		return listed, core.CheckKey(key) == nil
	}
	return p, nil
}

// Collections lists the collections, in the byte order of how they are stored.
// Behind the first live entry of one it goes on with the next.
func (b *backend) Collections(context.Context) (driver.Pager, error) {
	p := &pager{backend: b, query: librocksdb.Query{
		Upper: []byte(last), Limit: driver.PageSize, Wanted: librocksdb.Live, Collections: true,
	}}
	p.listed = func(r librocksdb.Record) (driver.Listed, bool) {
		collection, _, ok := names.SplitCompound(string(r.Key))
		ok = ok && collection != "" && core.CheckCollection(collection) == nil
		return driver.Listed{Name: collection, ExpiresAt: timeOf(r.Expiry)}, ok
	}
	return p, nil
}

// pager lists what a query finds, page by page, and begins each page with the
// first key behind what it has seen.
type pager struct {
	backend *backend
	query   librocksdb.Query
	listed  func(librocksdb.Record) (listed driver.Listed, ok bool)
}

// pageBytes is how many bytes of keys are listed with one call into C, unless
// a single key is longer.
const pageBytes = 64 << 10

// Next returns the next page.
func (p *pager) Next(context.Context) (page []driver.Listed, more bool, err error) {
	s := borrow()
	defer s.release()
	records, ended, err := p.backend.scan(s, &p.query, time.Now())
	if err != nil {
		return nil, false, err
	}
	var end librocksdb.Record
	for record := range librocksdb.Records(records) {
		end = record
		if record.Kind == librocksdb.Passed {
			continue
		}
		if listed, ok := p.listed(record); ok {
			page = append(page, listed)
		}
	}
	if !ended {
		p.query.Lower = behind(end, p.query.Collections)
	}
	return page, !ended, nil
}

// Close has nothing to release.
func (p *pager) Close() error { return nil }

// scan runs a query. What it returns is a part of the scratch.
func (b *backend) scan(s *scratch, q *librocksdb.Query, now time.Time) (records []byte, ended bool, err error) {
	s.data = slices.Grow(s.data[:0], pageBytes)
	q.Now = uint64(max(0, now.UnixMicro()))
	s.data, ended, err = b.db.Scan(q, s.data)
	return s.data, ended, failure(err)
}

// behind returns where a scan goes on that has ended with the record: behind
// its key, or behind its collection.
func behind(r librocksdb.Record, collections bool) []byte {
	if collections && r.Kind != librocksdb.Passed {
		if i := bytes.Index(r.Key, []byte("::")); i >= 0 {
			return append(bytes.Clone(r.Key[:i+1]), ';')
		}
	}
	return append(bytes.Clone(r.Key), 0)
}

package elasticsearch

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// document is what lies under an id, as of now: reads by id see every write
// that was acknowledged.
type document struct {
	found              bool
	source             []byte // part of an answer
	seqNo, primaryTerm int64
	err                error // why it could not be read
}

// fetchSize is how many documents are read with one request.
const fetchSize = 100

// fetch reads documents of an index, in the order of the ids. With only, no
// other members of them are read. Where the whole fails there are no documents.
func (b *backend) fetch(ctx context.Context, index string, ids []string, only ...string) ([]document, error) {
	documents := make([]document, 0, len(ids))
	for len(ids) > 0 {
		chunk := ids[:min(fetchSize, len(ids))]
		ids = ids[len(chunk):]
		some, err := b.fetchChunk(ctx, index, chunk, only)
		if err != nil {
			return nil, err
		}
		documents = append(documents, some...)
	}
	return documents, nil
}

// fetchChunk reads some documents with one request. It halves the request where
// the answer would be too large for the server.
func (b *backend) fetchChunk(ctx context.Context, index string, ids, only []string) ([]document, error) {
	r := request{
		method: http.MethodPost, path: []string{index, "_mget"},
		body: jsonBody(map[string][]string{"ids": ids}),
	}
	if len(only) > 0 {
		r.query = url.Values{"_source_includes": {strings.Join(only, ",")}}
	}
	for attempt := 1; ; attempt++ {
		a, err := b.sendOnce(ctx, &r)
		if err != nil {
			return nil, err
		}
		if isBusy(a.status) && attempt < busyAttempts {
			if a.status == http.StatusTooManyRequests && len(ids) > 1 {
				half := len(ids) / 2
				first, err := b.fetchChunk(ctx, index, ids[:half], only)
				if err != nil {
					return nil, err
				}
				second, err := b.fetchChunk(ctx, index, ids[half:], only)
				return append(first, second...), err
			}
			if err := pause(ctx, attempt); err != nil {
				return nil, err
			}
			continue
		}
		if err := a.failure(); err != nil {
			return nil, err
		}
		documents, busy, err := a.documents(len(ids))
		if err != nil || !busy || attempt == busyAttempts {
			return documents, err
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
}

// documents takes the answer apart, which has so many documents, and reports
// whether the server was too busy for some of them. If all of them are in an
// index that is not there, that is an error.
func (a *answer) documents(count int) (documents []document, busy bool, err error) {
	var docs []byte
	err = managed.Members(a.body, func(name []byte, value json.RawMessage) {
		if string(name) == "docs" {
			docs = value
		}
	})
	if err != nil {
		return nil, false, errAnswer
	}
	parts := elements(docs)
	if len(parts) != count {
		return nil, false, errAnswer
	}
	documents = make([]document, count)
	for i, part := range parts {
		d := &documents[i]
		var failure *cause
		if err := d.parse(part, &failure); err != nil {
			return nil, false, err
		}
		if failure == nil {
			continue
		}
		d.err = failure.failure(http.StatusInternalServerError)
		if failure.Type == "index_not_found_exception" {
			return nil, false, d.err
		}
		busy = busy || failure.isBusy()
	}
	return documents, busy, nil
}

// isBusy reports whether the cause is one that goes away: a shard that is on
// its way to another node, say.
func (c *cause) isBusy() bool {
	switch c.Type {
	case "no_shard_available_action_exception", "shard_not_found_exception", "illegal_index_shard_state_exception",
		"es_rejected_execution_exception", "circuit_breaking_exception", "unavailable_shards_exception",
		"node_not_connected_exception", "cluster_block_exception":
		return true
	}
	return false
}

// parse takes one document of an answer apart.
func (d *document) parse(part []byte, failure **cause) error {
	complete := false
	valid := true
	err := managed.Members(part, func(name []byte, value json.RawMessage) {
		var err error
		switch string(name) {
		case "found":
			complete = true
			d.found = string(value) == "true"
		case "_source":
			d.source = value
		case "_seq_no":
			d.seqNo, err = strconv.ParseInt(string(value), 10, 64)
		case "_primary_term":
			d.primaryTerm, err = strconv.ParseInt(string(value), 10, 64)
		case "error":
			complete = true
			*failure = new(cause)
			err = json.Unmarshal(value, *failure)
		}
		valid = valid && err == nil
	})
	if err != nil || !valid || !complete {
		return errAnswer
	}
	return nil
}

// read reads one document.
func (b *backend) read(ctx context.Context, collection, key string, only ...string) (*document, error) {
	documents, err := b.fetch(ctx, b.layout.index(collection), []string{b.layout.id(collection, key)}, only...)
	if err != nil {
		return nil, err
	}
	d := &documents[0]
	if d.err != nil {
		return nil, d.err
	}
	if !d.found {
		return nil, core.ErrNotFound
	}
	return d, nil
}

// entry returns the entry that the document is.
func (d *document) entry(collection, key string) (core.Entry, error) {
	switch {
	case d.err != nil:
		return core.Entry{}, d.err
	case !d.found:
		return core.Entry{}, core.ErrNotFound
	case d.source == nil:
		return core.Entry{}, corrupt("the index keeps no documents")
	}
	return decodeAs(d.source, collection, key)
}

// Get reads one entry.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	d, err := b.read(ctx, collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	return d.entry(collection, key)
}

// GetMany reads several entries.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	documents, err := b.fetch(ctx, b.layout.index(collection), b.idsOf(collection, keys))
	if err != nil {
		return nil, err
	}
	entries := make([]core.Entry, len(keys))
	failed := make(driver.KeyErrors)
	for i, key := range keys {
		entry, err := documents[i].entry(collection, key)
		switch {
		case err == nil:
			// The answer is not to stay in memory for the sake of one value.
			entry.Value = append(json.RawMessage{}, entry.Value...)
			entries[i] = entry
		case err != core.ErrNotFound:
			failed[key] = err
		}
	}
	if len(failed) > 0 {
		return entries, failed
	}
	return entries, nil
}

func (b *backend) idsOf(collection string, keys []string) []string {
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = b.layout.id(collection, key)
	}
	return ids
}

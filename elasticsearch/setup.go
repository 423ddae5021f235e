package elasticsearch

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

type object = map[string]any

// mapping is that of our indices. It is the reference's but for the value,
// which is kept and not indexed: the reference's is of type flattened, which
// refuses long texts and deep nesting.
func mapping(meta object) object {
	return object{
		"dynamic": false,
		"_meta":   meta,
		"properties": object{
			"created_at": object{"type": "date"},
			"expires_at": object{"type": "date"},
			"collection": object{"type": "keyword"},
			"key":        object{"type": "keyword"},
			"version":    object{"type": "integer"},
			"value":      object{"type": "object", "enabled": false},
		},
	}
}

// settings are those of our indices: one shard, since a cluster can have only
// so many, and a copy of it where there is a second node.
func settings() object {
	return object{"number_of_shards": 1, "auto_expand_replicas": "0-1"}
}

// meta is what an index says about itself under _meta.
type meta struct {
	// Prefix is that of the store which made the index.
	Prefix string `json:"prefix"`

	// Collection is the one that the index is for. It is empty for that of all
	// collections, and where the index was made by the template.
	Collection string `json:"collection"`
}

func (b *backend) meta(collection string) object {
	if collection == "" || b.layout.single {
		return object{"prefix": b.layout.prefix}
	}
	return object{"prefix": b.layout.prefix, "collection": collection}
}

// Setup makes the index template. With it an index has the right mapping even
// if a write makes it: one that meets with the destruction of its collection.
//
// A user may not be permitted to. Then the store goes without.
func (b *backend) Setup(ctx context.Context) error {
	if b.noCreate {
		return nil
	}
	name := b.layout.prefix
	if b.layout.single {
		name += "-single"
	}
	r := request{
		method: http.MethodPut, path: []string{"_index_template", "keyvalue-" + name},
		body: jsonBody(object{
			"index_patterns": []string{b.layout.pattern()},
			"template":       object{"settings": settings(), "mappings": mapping(b.meta(""))},
			// Of two templates for one index the longer prefix is meant. The
			// templates of Elasticsearch itself have a priority of 100.
			"priority": 500 + len(b.layout.prefix),
			"_meta":    object{"description": "indices of github.com/go-keyvalue/keyvalue"},
		}),
	}
	err := b.call(ctx, &r, nil)
	if isStatus(err, http.StatusForbidden) {
		return nil
	}
	return err
}

// SetupCollection makes the index of a collection, if there is none.
func (b *backend) SetupCollection(ctx context.Context, collection string) error {
	index := b.layout.index(collection)
	if b.noCreate {
		_, err := b.look(ctx, index)
		return notCreated(err, index)
	}
	r := request{
		method: http.MethodPut, path: []string{index},
		body: jsonBody(object{"settings": settings(), "mappings": mapping(b.meta(collection))}),
	}
	err := b.call(ctx, &r, nil)
	if err == nil {
		return nil
	}
	if !isStatus(err, http.StatusForbidden) && !isStatus(err, http.StatusBadRequest) {
		return err
	}
	// It is there already, or somebody else has to make it.
	known, lookErr := b.look(ctx, index)
	switch {
	case lookErr != nil:
		return err
	case known == nil: // another program's, maybe Python's
		return nil
	case known.Prefix != b.layout.prefix || known.Collection != "" && !b.layout.v1 && b.layout.index(known.Collection) != index:
		return fmt.Errorf("the index %q is that of prefix %q and collection %.100q", index, known.Prefix, known.Collection)
	case known.Collection == "" && !b.layout.single:
		return b.nameCollection(ctx, index, collection)
	}
	return nil
}

// notCreated returns the error for an index that is not there and must not be
// made.
func notCreated(err error, index string) error {
	if errors.Is(err, driver.ErrNotSetUp) {
		return fmt.Errorf("there is no index %q, and NoCreate is set", index)
	}
	return err
}

// look returns what the index says about itself: nil if it is not one of ours.
func (b *backend) look(ctx context.Context, index string) (*meta, error) {
	var found map[string]indexed
	r := request{method: http.MethodGet, path: []string{index, "_mapping"}}
	if err := b.call(ctx, &r, &found); err != nil {
		return nil, err
	}
	return found[index].meta(), nil // nil as well for an alias
}

// nameCollection notes the collection in an index that the template has made.
func (b *backend) nameCollection(ctx context.Context, index, collection string) error {
	r := request{
		method: http.MethodPut, path: []string{index, "_mapping"},
		body: jsonBody(object{"_meta": b.meta(collection)}),
	}
	err := b.call(ctx, &r, nil)
	if isStatus(err, http.StatusForbidden) {
		return nil
	}
	return err
}

package elasticsearch

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// index is one whose name is that of an index of the store.
type index struct {
	name string
	meta *meta // nil for one that the store did not make
}

// indexed is what is asked about an index.
type indexed struct {
	Mappings struct {
		Meta       json.RawMessage `json:"_meta"`
		Properties struct {
			Key, Collection field
			ExpiresAt       field `json:"expires_at"`
		}
	}
}

type field struct{ Type string }

// mayHold reports whether there may be entries in the index: whether Python may
// have made it.
func (i indexed) mayHold() bool {
	p := &i.Mappings.Properties
	return p.Key.Type == "keyword" && p.Collection.Type == "keyword" && p.ExpiresAt.Type == "date"
}

// meta returns what the index says about itself, or nil if it was not made by
// a store like this.
func (i indexed) meta() *meta {
	m := new(meta)
	if json.Unmarshal(i.Mappings.Meta, m) != nil || m.Prefix == "" {
		return nil
	}
	return m
}

// everywhere are the parameters of requests to whichever indices there are.
func everywhere() url.Values {
	return url.Values{"ignore_unavailable": {"true"}, "allow_no_indices": {"true"}, "expand_wildcards": {"open"}}
}

// indices returns the indices of the store, sorted by name. Those that another
// store has made are not among them, but those of Python are.
func (b *backend) indices(ctx context.Context) ([]index, error) {
	query := everywhere()
	query.Set("filter_path", "*.mappings._meta.prefix,*.mappings._meta.collection,*.mappings.properties.*.type")
	r := request{method: http.MethodGet, path: []string{b.layout.pattern(), "_mapping"}, query: query}
	var found map[string]indexed
	if err := b.call(ctx, &r, &found); err != nil {
		return nil, err
	}
	indices := make([]index, 0, len(found))
	for name, i := range found {
		m := i.meta()
		if m == nil && i.mayHold() || m != nil && b.isOurs(name, m) {
			indices = append(indices, index{name, m})
		}
	}
	slices.SortFunc(indices, func(a, b index) int { return strings.Compare(a.name, b.name) })
	return indices, nil
}

// isOurs reports whether a store like this has made the index.
func (b *backend) isOurs(name string, m *meta) bool {
	return m.Prefix == b.layout.prefix && (m.Collection == "" || b.layout.index(m.Collection) == name)
}

// update makes what was written visible to searches.
func (b *backend) update(ctx context.Context, indices string, query url.Values) error {
	r := request{method: http.MethodPost, path: []string{indices, "_refresh"}, query: query}
	return b.call(ctx, &r, nil)
}

// remove deletes whole indices. One that is not there any more is no error.
func (b *backend) remove(ctx context.Context, names []string) error {
	for len(names) > 0 {
		n, length := 0, 0
		for n < len(names) && (n == 0 || length+len(names[n]) <= maxPath) {
			length += 3*len(names[n]) + 1 // as it is escaped, at the most
			n++
		}
		r := request{
			method: http.MethodDelete, path: []string{strings.Join(names[:n], ",")},
			query: url.Values{"ignore_unavailable": {"true"}},
		}
		if err := b.call(ctx, &r, nil); err != nil {
			return err
		}
		names = names[n:]
	}
	return nil
}

// maxPath is how long a list of indices in the path of a request may get. A
// server takes 4,096 bytes.
const maxPath = 2000

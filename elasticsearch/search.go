package elasticsearch

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// hit is a document that was found. Its source has only the headers.
type hit struct {
	ID          string          `json:"_id"`
	Source      json.RawMessage `json:"_source"`
	SeqNo       int64           `json:"_seq_no"`
	PrimaryTerm int64           `json:"_primary_term"`
	Sort        json.RawMessage `json:"sort"`
}

// document returns the hit as one that can be deleted.
func (h *hit) document() *document {
	return &document{found: true, source: h.Source, seqNo: h.SeqNo, primaryTerm: h.PrimaryTerm}
}

// search is a search of an index that goes on behind what it has found before.
type search struct {
	index string
	query any
	sort  []object
	size  int
	after json.RawMessage // nil at first
}

// By key a document has its place whatever else changes. By number of sequence
// it has another one once it was replaced.
var (
	byKey    = []object{{"key": object{"order": "asc", "unmapped_type": "keyword"}}, {"_seq_no": "asc"}}
	byNumber = []object{{"_seq_no": "asc"}, {"key": object{"order": "asc", "unmapped_type": "keyword"}}}
)

// next returns the hits behind those that were found before, and whether there
// may be more.
func (b *backend) next(ctx context.Context, s *search) (hits []hit, more bool, err error) {
	body := object{
		"size": s.size, "query": s.query, "sort": s.sort, "_source": headers,
		"seq_no_primary_term": true, "track_total_hits": false,
	}
	if s.after != nil {
		body["search_after"] = s.after
	}
	r := request{
		method: http.MethodPost, path: []string{s.index, "_search"}, body: jsonBody(body),
		query: url.Values{"allow_partial_search_results": {"false"}},
	}
	var found struct {
		Hits *struct{ Hits []hit }
	}
	if err := b.call(ctx, &r, &found); err != nil {
		return nil, false, err
	}
	if found.Hits == nil {
		return nil, false, errAnswer
	}
	hits = found.Hits.Hits
	if len(hits) > 0 {
		s.after = hits[len(hits)-1].Sort
	}
	return hits, len(hits) == s.size, nil
}

// Queries.

func everything() object { return object{"match_all": object{}} }

func inCollection(collection string) object {
	return object{"term": object{"collection": collection}}
}

func expired(now time.Time) object {
	return object{"range": object{"expires_at": object{"lte": now.UnixMilli(), "format": "epoch_millis"}}}
}

func liveIn(collection string, now time.Time) object {
	return object{"bool": object{"filter": inCollection(collection), "must_not": expired(now)}}
}

func live(now time.Time) object { return object{"bool": object{"must_not": expired(now)}} }

// pageSize is how many documents a step of a search finds at most.
const pageSize = driver.PageSize

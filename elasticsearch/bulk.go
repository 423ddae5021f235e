package elasticsearch

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// action is one write to a document.
type action struct {
	verb   string // index, create or delete
	id     string
	source []byte // in one line; nil to delete

	// as, if set, is the document that must still be there.
	as *document
}

// outcome is what became of an action.
type outcome struct {
	status int
	err    error // nil for a success
}

// conflicts reports whether something else is there than the action was for.
func (o outcome) conflicts() bool { return o.status == http.StatusConflict }

// A request holds so many bytes of documents, or one that is larger, and so
// many documents.
const (
	bulkBytes = 5 << 20
	bulkSize  = 1000
)

// bulk performs actions on documents of an index, in as few requests as it
// takes. It returns an outcome for each: also where the server could not be
// reached, and then nobody knows. It notes in sent, if set, how often
// requests were.
func (b *backend) bulk(ctx context.Context, index string, actions []action, sent *sending) []outcome {
	outcomes := make([]outcome, len(actions))
	for from := 0; from < len(actions); {
		to, size := from, 0
		for to < len(actions) && to-from < bulkSize && (to == from || size+len(actions[to].source) <= bulkBytes) {
			size += len(actions[to].source) + len(actions[to].id)
			to++
		}
		b.bulkChunk(ctx, index, actions[from:to], outcomes[from:to], sent)
		from = to
	}
	return outcomes
}

// bulkChunk performs actions with one request, and repeats those that the
// server was too busy for.
func (b *backend) bulkChunk(ctx context.Context, index string, actions []action, outcomes []outcome, sent *sending) {
	places := make([]int, len(actions)) // of those that are to be done
	for i := range places {
		places[i] = i
	}
	for attempt := 1; ; attempt++ {
		b.bulkOnce(ctx, index, actions, outcomes, places, sent)
		var again []int
		for _, i := range places {
			if isBusy(outcomes[i].status) {
				again = append(again, i)
			}
		}
		if len(again) == 0 || attempt == busyAttempts {
			return
		}
		places = again
		if err := pause(ctx, attempt); err != nil {
			for _, i := range places {
				outcomes[i] = outcome{err: err}
			}
			return
		}
	}
}

// bulkOnce performs the actions at the places.
func (b *backend) bulkOnce(ctx context.Context, index string, actions []action, outcomes []outcome, places []int, sent *sending) {
	size := 0
	for _, i := range places {
		size += len(actions[i].source) + len(actions[i].id) + 100
	}
	body := bytes.NewBuffer(make([]byte, 0, size))
	for _, i := range places {
		actions[i].write(body)
	}
	r := request{
		method: http.MethodPost, path: []string{index, "_bulk"}, body: body.Bytes(), lines: true, sent: sent,
		query: url.Values{"filter_path": {"errors,items.*.status,items.*.error"}},
	}
	if b.refresh != RefreshLater {
		r.query.Set("refresh", string(b.refresh))
	}
	all := func(o outcome) {
		for _, i := range places {
			outcomes[i] = o
		}
	}
	a, err := b.sendOnce(ctx, &r)
	if err != nil {
		all(outcome{err: err})
		return
	}
	if err := a.failure(); err != nil {
		if sent != nil && a.status == http.StatusServiceUnavailable {
			sent.begun.Add(1) // which a proxy may have said: what becomes of it is unknown
		}
		all(outcome{status: a.status, err: err})
		return
	}
	var answered struct {
		Items []map[string]struct {
			Status int
			Error  *cause
		}
	}
	if err := a.decode(&answered); err != nil || len(answered.Items) != len(places) {
		all(outcome{err: errAnswer})
		return
	}
	for n, i := range places {
		item, ok := answered.Items[n][actions[i].verb]
		o := outcome{status: item.Status}
		switch {
		case !ok || item.Status == 0:
			o.err = errAnswer
		case item.Error != nil:
			o.err = item.Error.documentFailure(item.Status)
		case item.Status >= http.StatusMultipleChoices && !(item.Status == http.StatusNotFound && actions[i].verb == "delete"):
			o.err = (&cause{}).documentFailure(item.Status)
		}
		outcomes[i] = o
	}
}

// write writes the lines of the action.
func (a *action) write(body *bytes.Buffer) {
	quoted, _ := json.Marshal(a.id) // a string is never refused
	body.WriteString(`{"`)
	body.WriteString(a.verb)
	body.WriteString(`":{"_id":`)
	body.Write(quoted)
	if a.as != nil {
		body.WriteString(`,"if_seq_no":`)
		body.WriteString(strconv.FormatInt(a.as.seqNo, 10))
		body.WriteString(`,"if_primary_term":`)
		body.WriteString(strconv.FormatInt(a.as.primaryTerm, 10))
	}
	body.WriteString("}}\n")
	if a.source != nil {
		body.Write(a.source)
		body.WriteByte('\n')
	}
}

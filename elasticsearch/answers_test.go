package elasticsearch

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

const (
	denied   = `{"error":{"type":"security_exception","reason":"action [x] is unauthorized"},"status":403}`
	noIndex  = `{"error":{"type":"index_not_found_exception","reason":"no such index [kv_store-c]"},"status":404}`
	rejected = `{"error":{"type":"es_rejected_execution_exception","reason":"queue is full"},"status":429}`
	mgetMiss = `{"docs":[{"_index":"i","_id":"k","found":false}]}`
	mgetHit  = `{"docs":[{"_index":"i","_id":"k","_seq_no":7,"_primary_term":1,"found":true,"_source":{"value":{"flattened":{"a":1}}}}]}`
)

// Whatever is no document and no word of Elasticsearch that there is none is an
// error, and not a miss.
func TestAnswersThatAreNoMiss(t *testing.T) {
	for name, a := range map[string]fakeAnswer{
		"unauthorized":               {status: 401, body: `{"error":{"type":"security_exception","reason":"missing credentials"},"status":401}`},
		"forbidden":                  {status: 403, body: denied},
		"not found, of a proxy":      {status: 404, body: `<html>nothing here</html>`},
		"not found, of a path":       {status: 404, body: `{"error":"no handler found"}`},
		"internal error":             {status: 500, body: `{"error":{"type":"null_pointer_exception"}}`},
		"another program":            {status: 200, body: `hello`},
		"another program's JSON":     {status: 200, body: `{"docs":"none"}`},
		"too few documents":          {status: 200, body: `{"docs":[]}`},
		"too many documents":         {status: 200, body: `{"docs":[{"found":false},{"found":false}]}`},
		"neither found nor an error": {status: 200, body: `{"docs":[{}]}`},
		"half an answer":             {status: 200, body: mgetMiss[:len(mgetMiss)-3]},
		"an error of the document":   {status: 200, body: `{"docs":[{"_id":"k","error":{"type":"exception","reason":"x"}}]}`},
		"no connection":              {err: io.ErrUnexpectedEOF},
		"no answer":                  {status: 200},
	} {
		store, _ := answering(t, a)
		if _, err := store.Get(t.Context(), "c", "k"); err == nil || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s: Get = %v; want an error", name, err)
		}
		if entries, err := store.GetMany(t.Context(), "c", []string{"k"}); err == nil || len(entries) > 0 && entries[0].Found() {
			t.Errorf("%s: GetMany = %v, %v; want an error", name, entries, err)
		}
		if live, err := store.Delete(t.Context(), "c", "k"); live || err == nil {
			t.Errorf("%s: Delete = %v, %v; want an error", name, live, err)
		}
		if count, err := store.Cull(t.Context()); count != 0 || err == nil {
			t.Errorf("%s: Cull = %v, %v; want an error", name, count, err)
		}
		for _, err := range store.Keys(t.Context(), "c") {
			if err == nil || errors.Is(err, core.ErrNotFound) {
				t.Errorf("%s: Keys yields %v; want an error", name, err)
			}
		}
	}
}

func TestMissingIndexIsMiss(t *testing.T) {
	for _, a := range []fakeAnswer{
		{status: 404, body: noIndex},
		{status: 200, body: `{"docs":[{"_id":"k","error":{"type":"index_not_found_exception","reason":"x"}}]}`},
	} {
		store, f := answering(t, a)
		if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
			t.Errorf("Get = %v, want %v", err, core.ErrNotFound)
		}
		if live, err := store.Delete(t.Context(), "c", "k"); live || err != nil {
			t.Errorf("Delete = %v, %v; want false, nil", live, err)
		}
		for _, request := range f.asked {
			if strings.HasPrefix(request, "PUT") {
				t.Errorf("a read sent %s", request)
			}
		}
	}
}

func TestErrorsSayWhatTheServerSays(t *testing.T) {
	store, _ := answering(t, fakeAnswer{status: 403, body: denied})
	_, err := store.Get(t.Context(), "c", "k")
	var e *ServerError
	if !errors.As(err, &e) || e.Status != 403 || e.Type != "security_exception" || !strings.Contains(e.Reason, "unauthorized") {
		t.Errorf("Get = %v; want the server's words", err)
	}
}

// The server repeats a part of a document that it refuses.
func TestErrorsDoNotRepeatDocuments(t *testing.T) {
	const item = `{"errors":true,"items":[{"index":{"status":400,"error":{"type":"document_parsing_exception","reason":"canary",` +
		`"caused_by":{"type":"illegal_argument_exception","reason":"canary"}}}}]}`
	store, _ := writing(t, fakeAnswer{status: 200, body: item})
	err := store.Put(t.Context(), "c", "k", json.RawMessage(`{"a":"canary"}`), core.NoTTL)
	if !errors.Is(err, core.ErrInvalidValue) || strings.Contains(err.Error(), "canary") {
		t.Errorf("Put = %v; want ErrInvalidValue without the value", err)
	}
	long := strings.Replace(item, `"illegal_argument_exception"`, `"max_bytes_length_exceeded_exception"`, 1)
	store, _ = writing(t, fakeAnswer{status: 200, body: long})
	err = store.Put(t.Context(), "c", "k", json.RawMessage(`{"a":"canary"}`), core.NoTTL)
	if !errors.Is(err, core.ErrTooLarge) || strings.Contains(err.Error(), "canary") {
		t.Errorf("Put = %v; want ErrTooLarge without the value", err)
	}
}

// Each item of a bulk request is looked at, and those that the server was too
// busy for are sent again, alone.
func TestBulkLooksAtItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, f := writing(t,
			fakeAnswer{status: 429, body: rejected},
			fakeAnswer{status: 200, body: `{"errors":true,"items":[{"index":{"status":201}},{"index":{"status":429,"error":{"type":"es_rejected_execution_exception"}}},` +
				`{"index":{"status":400,"error":{"type":"document_parsing_exception"}}}]}`},
			fakeAnswer{status: 200, body: `{"errors":false,"items":[{"index":{"status":201}}]}`},
		)
		items := []core.Item{{Key: "a", Value: []byte(`{}`)}, {Key: "b", Value: []byte(`{}`)}, {Key: "c", Value: []byte(`{}`)}}
		err := store.PutMany(t.Context(), "c", items)
		if failed := core.FailedKeys(err); len(failed) != 1 || failed[0] != "c" {
			t.Errorf("PutMany = %v; want an error for c alone", err)
		}
		sent := f.sent("/_bulk")
		if len(sent) != 3 || strings.Contains(sent[2], `"_id":"a"`) || !strings.Contains(sent[2], `"_id":"b"`) {
			t.Errorf("sent %q; want b again, alone", sent)
		}
	})
}

// A server that stays busy is an error in the end.
func TestBusyServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, _ := answering(t, fakeAnswer{status: 429, body: rejected})
		start := time.Now()
		if _, err := store.Get(t.Context(), "c", "k"); !isStatus(err, 429) {
			t.Errorf("Get = %v; want 429", err)
		}
		if took := time.Since(start); took < time.Second || took > time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

func TestBulkWithWrongNumberOfItems(t *testing.T) {
	for _, body := range []string{`{"items":[]}`, `{}`, `{"items":[{"create":{"status":200}}]}`, `{"items":[{"index":{}}]}`, `nonsense`} {
		store, _ := writing(t, fakeAnswer{status: 200, body: body})
		if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err == nil {
			t.Errorf("Put with the answer %s = nil; want an error", body)
		}
	}
}

// A Delete that may have been sent twice does not know who has removed what is
// gone.
func TestDeleteThatMayHaveBeenRepeated(t *testing.T) {
	// The fake does not tell how often it sends.
	const conflict = `{"errors":true,"items":[{"delete":{"status":409,"error":{"type":"version_conflict_engine_exception"}}}]}`
	store, _ := answering(t, fakeAnswer{status: 200, body: mgetHit}, fakeAnswer{status: 200, body: conflict}, fakeAnswer{status: 200, body: mgetMiss})
	if live, err := store.Delete(t.Context(), "c", "k"); live || !errors.Is(err, errUnknown) {
		t.Errorf("Delete = %v, %v; want the error that the outcome is unknown", live, err)
	}
}

func TestBulkIsSplitBySize(t *testing.T) {
	store, f := writing(t, fakeAnswer{status: 200, body: `{"items":[{"index":{"status":201}}]}`})
	value := json.RawMessage(`{"a":"` + strings.Repeat("x", 3<<20) + `"}`)
	items := []core.Item{{Key: "a", Value: value}, {Key: "b", Value: value}, {Key: "c", Value: value}}
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Fatal(err)
	}
	if sent := f.sent("/_bulk"); len(sent) != 3 {
		t.Errorf("%d requests, want 3 of one document each", len(sent))
	}
}

// A user who may not make templates or indices can use those that are there.
func TestSetupWithoutPermission(t *testing.T) {
	store, f := answering(t,
		fakeAnswer{status: 403, body: denied}, fakeAnswer{status: 403, body: denied},
		fakeAnswer{status: 200, body: `{"kv_store-c":{"mappings":{}}}`},
		fakeAnswer{status: 200, body: `{"items":[{"index":{"status":201}}]}`})
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Errorf("Put = %v after %q", err, f.asked)
	}
	store, _ = answering(t, fakeAnswer{status: 403, body: denied}, fakeAnswer{status: 403, body: denied}, fakeAnswer{status: 404, body: noIndex})
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); !errors.Is(err, core.ErrSetup) || !isStatus(err, 403) {
		t.Errorf("Put = %v; want ErrSetup with 403", err)
	}
}

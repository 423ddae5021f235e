package dynamodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/go-keyvalue/keyvalue/core"
)

var value = json.RawMessage(`{"n":1}`)

// Throttling is repeated as the SDK's policy says, and reported when that gives
// up.
func TestThrottling(t *testing.T) {
	for _, code := range []string{"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"} {
		for name, call := range map[string]func(ctx context.Context, s *Store) error{
			"GetItem":    func(ctx context.Context, s *Store) error { _, err := s.Get(ctx, "c", "k"); return err },
			"PutItem":    func(ctx context.Context, s *Store) error { return s.Put(ctx, "c", "k", value, core.NoTTL) },
			"DeleteItem": func(ctx context.Context, s *Store) error { _, err := s.Delete(ctx, "c", "k"); return err },
			"BatchGetItem": func(ctx context.Context, s *Store) error {
				_, err := s.GetMany(ctx, "c", []string{"k", "l"})
				return err
			},
			"BatchWriteItem": func(ctx context.Context, s *Store) error {
				return s.PutMany(ctx, "c", []core.Item{{Key: "k", Value: value}})
			},
			"Query": func(ctx context.Context, s *Store) (err error) {
				for _, err = range s.Keys(ctx, "c") {
				}
				return err
			},
		} {
			synctest.Test(t, func(t *testing.T) {
				f, store := newFake(t, nil, func(string, int, map[string]any) (int, any) {
					return http.StatusBadRequest, failed(code)
				})
				err := call(t.Context(), store)
				var api smithy.APIError
				if !errors.As(err, &api) || api.ErrorCode() != code || errors.Is(err, core.ErrNotFound) {
					t.Errorf("%s that is throttled = %v, want %s", name, err, code)
				}
				if got, want := f.count(name), store.Client().Options().Retryer.MaxAttempts(); got != want || want < 2 {
					t.Errorf("%s was sent %d times, want %d as the client does", name, got, want)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				_, store := newFake(t, nil, func(_ string, n int, _ map[string]any) (int, any) {
					if n == 1 {
						return http.StatusBadRequest, failed(code)
					}
					return http.StatusOK, object{}
				})
				if err := call(t.Context(), store); err != nil && err != core.ErrNotFound {
					t.Errorf("%s that is throttled once = %v", name, err)
				}
			})
		}
	}
}

// What may have been performed is not sent again where the second reply would
// deny it.
func TestLostReply(t *testing.T) {
	var insertID string
	reply := func(there bool) func(operation string, n int, request map[string]any) (int, any) {
		return func(operation string, _ int, request map[string]any) (int, any) {
			if operation == "GetItem" {
				if !there {
					return http.StatusOK, object{}
				}
				return http.StatusOK, object{"Item": stored("c", "k", insertID)}
			}
			if item, ok := request["Item"].(object); ok {
				insertID = item["value"].(object)["S"].(string)
			}
			return 0, nil
		}
	}
	synctest.Test(t, func(t *testing.T) {
		f, store := newFake(t, nil, reply(true))
		if inserted, err := store.Insert(t.Context(), "c", "k", value, core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert whose record is there = %v, %v; want true, nil", inserted, err)
		}
		if live, err := store.Delete(t.Context(), "c", "k"); err == nil {
			t.Errorf("Delete whose reply was lost = %v, nil; want an error", live)
		}
		if f.count("PutItem") != 1 || f.count("DeleteItem") != 1 {
			t.Errorf("the requests were sent %d and %d times, want once", f.count("PutItem"), f.count("DeleteItem"))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f, store := newFake(t, nil, reply(false))
		if inserted, err := store.Insert(t.Context(), "c", "k", value, core.NoTTL); inserted || err == nil {
			t.Errorf("Insert whose record is not there = %v, %v; want an error", inserted, err)
		}
		if err := store.Put(t.Context(), "c", "k", value, core.NoTTL); err == nil || f.count("PutItem") < 3 {
			t.Errorf("Put = %v after %d requests; want an error after several", err, f.count("PutItem"))
		}
	})
	// An error of the server is no proof that nothing was done.
	synctest.Test(t, func(t *testing.T) {
		f, store := newFake(t, nil, func(string, int, map[string]any) (int, any) {
			return http.StatusInternalServerError, failed("InternalServerError")
		})
		if _, err := store.Delete(t.Context(), "c", "k"); err == nil || f.count("DeleteItem") != 1 {
			t.Errorf("Delete = %v after %d requests; want an error after one", err, f.count("DeleteItem"))
		}
	})
}

// A reply that is cut off is asked for again by reads.
func TestCutOffReply(t *testing.T) {
	for operation, read := range map[string]func(s *Store) error{
		"GetItem":      func(s *Store) error { _, err := s.Get(t.Context(), "c", "k"); return err },
		"BatchGetItem": func(s *Store) error { _, err := s.GetMany(t.Context(), "c", []string{"k"}); return err },
		"Query": func(s *Store) (err error) {
			for _, err = range s.Keys(t.Context(), "c") {
			}
			return err
		},
		"Scan": func(s *Store) (err error) {
			for _, err = range s.Collections(t.Context()) {
			}
			return err
		},
	} {
		f, store := newFake(t, nil, func(_ string, n int, _ map[string]any) (int, any) {
			if n == 1 {
				return http.StatusOK, cutOff(3)
			}
			return http.StatusOK, object{}
		})
		if err := read(store); err != nil && err != core.ErrNotFound || f.count(operation) != 2 {
			t.Errorf("%s whose reply was cut off = %v after %d requests, want nil after 2", operation, err, f.count(operation))
		}
	}
}

// A server that repeats an Insert, or a proxy, does not make it false.
func TestRepeatedInsert(t *testing.T) {
	_, store := newFake(t, nil, func(_ string, _ int, request map[string]any) (int, any) {
		reply := failed("ConditionalCheckFailedException")
		reply["Item"] = request["Item"]
		return http.StatusBadRequest, reply
	})
	if inserted, err := store.Insert(t.Context(), "c", "k", value, time.Hour); !inserted || err != nil {
		t.Errorf("Insert that meets its own record = %v, %v; want true, nil", inserted, err)
	}
}

// What DynamoDB leaves unprocessed is asked for again.
func TestUnprocessedKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := newFake(t, nil, func(_ string, n int, request map[string]any) (int, any) {
			asked := request["RequestItems"].(object)["keyvalue"].(object)
			keys := asked["Keys"].([]any)
			if n == 2 { // nothing at all
				return http.StatusOK, object{"Responses": object{}, "UnprocessedKeys": request["RequestItems"]}
			}
			first := keys[0].(object)["key"].(object)["S"].(string)
			reply := object{"Responses": object{"keyvalue": []any{stored("c", first, `{"value":{"key":"`+first+`"}}`)}}}
			if rest := keys[1:]; len(rest) > 0 {
				reply["UnprocessedKeys"] = object{"keyvalue": object{"Keys": rest, "ConsistentRead": asked["ConsistentRead"]}}
			}
			return http.StatusOK, reply
		})
		keys := []string{"a", "b", "c", "d"}
		entries, err := store.GetMany(t.Context(), "c", keys)
		if err != nil || f.count("BatchGetItem") != 5 {
			t.Fatalf("GetMany = %v after %d requests, want nil after 5", err, f.count("BatchGetItem"))
		}
		for i, key := range keys {
			if want := `{"key":"` + key + `"}`; string(entries[i].Value) != want {
				t.Errorf("%q is %s, want %s", key, entries[i].Value, want)
			}
		}
		for _, r := range f.requests[slices.IndexFunc(f.requests, func(r request) bool { return r.operation == "BatchGetItem" }):] {
			if r.body["RequestItems"].(object)["keyvalue"].(object)["ConsistentRead"] != true {
				t.Errorf("a read is not consistent: %v", r.body)
			}
		}
	})
}

// What stays unprocessed is reported, with the keys, and the rest is done.
func TestUnprocessedItems(t *testing.T) {
	answer := func(_ string, _ int, request map[string]any) (int, any) {
		var left []any
		for _, w := range request["RequestItems"].(object)["keyvalue"].([]any) {
			if w.(object)["PutRequest"].(object)["Item"].(object)["key"].(object)["S"] == "busy" {
				left = append(left, w)
			}
		}
		if left == nil {
			return http.StatusOK, object{}
		}
		return http.StatusOK, object{"UnprocessedItems": object{"keyvalue": left}}
	}
	var items []core.Item
	for i := range 60 {
		items = append(items, core.Item{Key: fmt.Sprint("key", i), Value: value})
	}
	items[30].Key = "busy"
	synctest.Test(t, func(t *testing.T) {
		f, store := newFake(t, nil, answer)
		err := store.PutMany(t.Context(), "c", items)
		var throttled *types.ProvisionedThroughputExceededException
		if !errors.As(err, &throttled) || !slices.Equal(core.FailedKeys(err), []string{"busy"}) {
			t.Errorf("PutMany = %v, want an error of throttling for one key", err)
		}
		if got, want := f.count("BatchWriteItem"), 3+idleRounds; got != want {
			t.Errorf("there were %d requests, want %d", got, want)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		_, store := newFake(t, nil, answer)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		err := store.PutMany(ctx, "c", items)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 100*time.Millisecond {
			t.Errorf("PutMany = %v after %v, want the deadline after 100ms", err, time.Since(start))
		}
	})
}

// One batch that fails does not fail the others.
func TestFailedBatch(t *testing.T) {
	keys := make([]string, 250)
	items := make([]core.Item, 250)
	for i := range keys {
		keys[i] = fmt.Sprint("key", i)
		items[i] = core.Item{Key: keys[i], Value: value}
	}
	_, store := newFake(t, nil, func(_ string, _ int, request map[string]any) (int, any) {
		if containsKey(request, "key120") {
			return http.StatusBadRequest, failed("AccessDeniedException")
		}
		return http.StatusOK, object{}
	})
	entries, err := store.GetMany(t.Context(), "c", keys)
	if failed := core.FailedKeys(err); len(entries) != 250 || len(failed) != 100 || failed[0] != "key100" || failed[99] != "key199" {
		t.Errorf("GetMany returned %d entries and failed for %d keys, want those of the second batch", len(entries), len(failed))
	}
	err = store.PutMany(t.Context(), "c", items)
	if failed := core.FailedKeys(err); len(failed) != 25 || failed[0] != "key100" || failed[24] != "key124" {
		t.Errorf("PutMany failed for %q, want those of the fifth batch", failed)
	}
	entries, err = store.GetMany(t.Context(), "c", keys[100:200])
	if entries != nil || err == nil || len(core.FailedKeys(err)) > 0 {
		t.Errorf("GetMany of a batch that fails = %d entries, %v; want nil and one error", len(entries), err)
	}
}

// containsKey reports whether a value of JSON has the string in it.
func containsKey(value any, text string) bool {
	switch v := value.(type) {
	case string:
		return v == text
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return containsKey(e, text) })
	case object:
		for _, e := range v {
			if containsKey(e, text) {
				return true
			}
		}
	}
	return false
}

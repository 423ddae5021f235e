package dynamodb

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// vectors are the requests that Python makes.
type vectors struct {
	Cases []vector
}

type vector struct {
	Op string

	// An entry that is put.
	Collection *string
	Key        string
	Value      json.RawMessage
	TTL        *float64

	Result   any
	Requests []map[string]any
	Epoch    int64 `json:"ttl_seconds_then_epoch"`
}

// created is when all entries of the vectors were put.
var created = time.Date(2025, 1, 1, 0, 0, 0, 123456000, time.UTC)

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/dynamodb.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for _, c := range v.Cases {
		seen[c.Op]++
		switch c.Op {
		case "":
			sameItem(t, c)
			if len(c.Requests) > 1 {
				sameSetup(t, c.Requests)
			}
		case "get", "get missing", "delete", "delete missing":
			sameRequest(t, c)
		case "ttl attribute overrides JSON expires_at":
			// As in Python, since the two are far apart.
			i := item{ttlAttribute: &types.AttributeValueMemberN{Value: strconv.FormatInt(c.Epoch, 10)}}
			if got, err := expiry(i, created.Add(time.Hour)); err != nil || got.Unix() != c.Epoch {
				t.Errorf("the entry expires at %v, %v; want %d", got, err, c.Epoch)
			}
		default:
			t.Errorf("nobody has looked at %q", c.Op)
		}
	}
	if seen[""] != 7 || len(v.Cases) != 12 {
		t.Errorf("there are %d cases with %d entries, want 12 and 7", len(v.Cases), seen[""])
	}
}

// sameItem wants that Python's item is read as what was put, and that the item
// written here differs in what is different on purpose only.
func sameItem(t *testing.T, c vector) {
	t.Helper()
	collection := core.DefaultCollection
	if c.Collection != nil {
		collection = *c.Collection
	}
	record := &driver.Record{Collection: collection, Key: c.Key, Entry: core.Entry{Value: c.Value, CreatedAt: created}}
	if c.TTL != nil {
		record.ExpiresAt = created.Add(time.Duration(*c.TTL * float64(time.Second)))
	}
	last := c.Requests[len(c.Requests)-1]
	python := attributes(t, last["PutItem"].(object)["Item"])

	entry, err := entryOf(python, collection, c.Key)
	if err != nil || !sameJSON(t, entry.Value, c.Value) || !entry.CreatedAt.Equal(created) || !entry.ExpiresAt.Equal(record.ExpiresAt) {
		t.Errorf("Python's %q in %q is read as %s from %v to %v, %v", c.Key, collection, entry.Value, entry.CreatedAt, entry.ExpiresAt, err)
	}
	if f, err := examine(python); err != nil || f.key != c.Key || f.collection != collection || !f.named {
		t.Errorf("Python's %q in %q is listed as %q in %q, %v", c.Key, collection, f.key, f.collection, err)
	}

	ours, err := encode(record)
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := python[ttlAttribute].(*types.AttributeValueMemberN); ok {
		// Python rounds down, so that DynamoDB may remove an entry before its
		// time, and here it is rounded up.
		seconds, err := strconv.ParseInt(n.Value, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		python[ttlAttribute] = &types.AttributeValueMemberN{Value: strconv.FormatInt(seconds+1, 10)}
	}
	theirText, _ := text(python, valueAttribute)
	ourText, _ := text(ours, valueAttribute)
	if theirs, here := withoutTimes(t, theirText), withoutTimes(t, ourText); !reflect.DeepEqual(theirs, here) {
		t.Errorf("Python writes %s, and here it is %s", theirText, ourText)
	}
	delete(python, valueAttribute)
	delete(ours, valueAttribute)
	if !reflect.DeepEqual(python, ours) {
		t.Errorf("Python writes the item %v, and here it is %v", python, ours)
	}
}

// withoutTimes parses a managed entry and checks that its times are some.
// Digits of a fraction may be fewer in Python.
func withoutTimes(t *testing.T, text string) object {
	t.Helper()
	var o object
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"created_at", "expires_at"} {
		if value, ok := o[name].(string); ok {
			at, err := time.Parse(time.RFC3339Nano, value)
			if err != nil {
				t.Error(err)
			}
			o[name] = at.UTC()
		}
	}
	return o
}

// attributes returns an item of JSON.
func attributes(t *testing.T, of any) item {
	t.Helper()
	i := make(item)
	for name, value := range of.(object) {
		for kind, v := range value.(object) {
			switch kind {
			case "S":
				i[name] = &types.AttributeValueMemberS{Value: v.(string)}
			case "N":
				i[name] = &types.AttributeValueMemberN{Value: v.(string)}
			default:
				t.Fatalf("an attribute of type %s", kind)
			}
		}
	}
	return i
}

// sameSetup wants that the table is made by the same requests, and waited for.
func sameSetup(t *testing.T, python []map[string]any) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, store := newService(t, &Options{Table: "tbl", CreateTable: func(input *dynamodb.CreateTableInput) {
			input.Tags = []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}
		}})
		if err := store.Setup(t.Context()); err != nil {
			t.Fatal(err)
		}
		var here []map[string]any
		for _, r := range s.requests {
			again := len(here) > 0 && r.operation == "DescribeTable"
			switch {
			case again && here[len(here)-1]["waiter table_exists"] != nil: // and waits
			case again:
				here = append(here, object{"waiter table_exists": r.body})
			default:
				here = append(here, object{r.operation: r.body})
			}
		}
		if want := python[:len(python)-1]; !reflect.DeepEqual(here, want) {
			t.Errorf("the table is made by\n%v\nand in Python by\n%v", here, want)
		}
	})
}

// sameRequest wants that an entry is read or deleted by the same request, but
// for what is asked in addition here.
func sameRequest(t *testing.T, c vector) {
	t.Helper()
	f, store := newFake(t, &Options{Table: "tbl"}, func(operation string, _ int, _ map[string]any) (int, any) {
		found := stored("test", "k1", `{"value":{"age":30,"name":"Alice"}}`)
		switch {
		case operation == "GetItem" && c.Result != nil:
			return http.StatusOK, object{"Item": found}
		case operation == "DeleteItem" && c.Result == true:
			return http.StatusOK, object{"Attributes": found}
		case operation == "DeleteItem":
			return http.StatusBadRequest, failed("ConditionalCheckFailedException")
		}
		return http.StatusOK, object{}
	})
	additional := map[string][]string{
		"GetItem":    {"ConsistentRead"},                                  // not eventually
		"DeleteItem": {"ConditionExpression", "ExpressionAttributeNames"}, // that there is something
	}
	for operation, python := range c.Requests[0] {
		key := attributes(t, python.(object)["Key"])
		name, _ := text(key, keyAttribute)
		switch operation {
		case "GetItem":
			entry, err := store.Get(t.Context(), "test", name)
			var got any
			if err == nil {
				got = plain(t, entry.Value)
			}
			if !reflect.DeepEqual(got, c.Result) {
				t.Errorf("%s = %v, %v; want %v", c.Op, got, err, c.Result)
			}
		case "DeleteItem":
			if live, err := store.Delete(t.Context(), "test", name); live != c.Result || err != nil {
				t.Errorf("%s = %v, %v; want %v", c.Op, live, err, c.Result)
			}
		}
		n := slices.IndexFunc(f.requests, func(r request) bool { return r.operation == operation })
		if n < 0 {
			t.Errorf("%s is not a %s here", c.Op, operation)
			continue
		}
		here := f.requests[n].body
		for _, name := range additional[operation] {
			delete(here, name)
		}
		if !reflect.DeepEqual(any(here), python) {
			t.Errorf("%s is %v, and in Python %v", c.Op, here, python)
		}
	}
}

func sameJSON(t *testing.T, a, b json.RawMessage) bool {
	t.Helper()
	return reflect.DeepEqual(plain(t, a), plain(t, b))
}

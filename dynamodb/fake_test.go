package dynamodb

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// fake answers requests in place of DynamoDB: it does what a test says for each
// operation, and notes what it was asked for.
type fake struct {
	// answer returns the status and the body of the reply to a request, which
	// is the n-th of its operation, from 1. A status of 0 is no reply at all.
	answer func(operation string, n int, request map[string]any) (status int, body any)

	mutex    sync.Mutex
	requests []request
	counts   map[string]int
}

// request is one that a fake has received.
type request struct {
	operation string
	body      map[string]any
}

var errLost = errors.New("the connection broke")

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return nil, err
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	f.mutex.Lock()
	if f.counts == nil {
		f.counts = make(map[string]int)
	}
	f.counts[operation]++
	n := f.counts[operation]
	f.requests = append(f.requests, request{operation, body})
	f.mutex.Unlock()
	status, reply := f.answer(operation, n, body)
	if status == 0 {
		return nil, errLost
	}
	text, err := json.Marshal(reply)
	if err != nil {
		return nil, err
	}
	if cut, ok := reply.(cutOff); ok {
		text = text[:len(text)-int(cut)]
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(bytes.NewReader(text)), ContentLength: int64(len(text)), Request: r,
	}, nil
}

// count returns how many requests there were of the operation.
func (f *fake) count(operation string) int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.counts[operation]
}

// client returns a client that asks the fake.
func (f *fake) client() *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://dynamodb.example"), Credentials: aws.AnonymousCredentials{},
		HTTPClient: &http.Client{Transport: f}, DisableValidateResponseChecksum: true,
	})
}

// newFake returns a store that asks a fake whose table is ready, and which
// answers everything else as the test says.
func newFake(t *testing.T, options *Options, answer func(operation string, n int, request map[string]any) (int, any)) (*fake, *Store) {
	t.Helper()
	f := &fake{answer: func(operation string, n int, request map[string]any) (int, any) {
		switch operation {
		case "DescribeTable":
			return http.StatusOK, object{"Table": ready}
		case "DescribeTimeToLive":
			return http.StatusOK, object{"TimeToLiveDescription": object{"TimeToLiveStatus": "ENABLED"}}
		}
		return answer(operation, n, request)
	}}
	store, err := New(f.client(), options)
	if err != nil {
		t.Fatal(err)
	}
	return f, store
}

// cutOff is a reply without that many bytes at its end.
type cutOff int

// MarshalJSON returns a reply that every read understands.
func (cutOff) MarshalJSON() ([]byte, error) {
	return []byte(`{"Item":{},"Responses":{},"Items":[],"Count":0}`), nil
}

type object = map[string]any

// ready is the description of a table as the store makes it.
var ready = object{
	"TableStatus": "ACTIVE",
	"KeySchema": []object{
		{"AttributeName": "collection", "KeyType": "HASH"}, {"AttributeName": "key", "KeyType": "RANGE"},
	},
	"AttributeDefinitions": []object{
		{"AttributeName": "collection", "AttributeType": "S"}, {"AttributeName": "key", "AttributeType": "S"},
	},
}

// failed is the body of a reply that is an error.
func failed(code string) object {
	return object{"__type": "com.amazonaws.dynamodb.v20120810#" + code, "message": "no"}
}

// stored is an item as a reply has it.
func stored(collection, key, value string) object {
	return object{"collection": object{"S": collection}, "key": object{"S": key}, "value": object{"S": value}}
}

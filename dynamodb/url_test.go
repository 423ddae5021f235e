package dynamodb

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/go-keyvalue/keyvalue/core"
)

// isolate keeps the configuration of whoever runs the tests out of them.
func isolate(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_DYNAMODB": "",
	} {
		t.Setenv(name, value)
	}
}

func TestOpen(t *testing.T) {
	isolate(t)
	for text, want := range map[string]struct {
		table, region, endpoint string
		noCreate, eventual      bool
	}{
		"dynamodb://some_Table.x?region=eu-west-1":                             {table: "some_Table.x", region: "eu-west-1"},
		"dynamodb://abc/?region=a&endpoint=http://localhost:8000":              {table: "abc", region: "a", endpoint: "http://localhost:8000"},
		"dynamodb://abc?region=a&endpoint=https%3A%2F%2Fx.example%2Fd":         {table: "abc", region: "a", endpoint: "https://x.example/d"},
		"dynamodb://abc?region=a&no_create=true&eventual_reads=1":              {table: "abc", region: "a", noCreate: true, eventual: true},
		"dynamodb://abc?region=a&no_create=false":                              {table: "abc", region: "a"},
		"dynamodb://" + strings.Repeat("t", 255) + "?region=cn-north-1":        {table: strings.Repeat("t", 255), region: "cn-north-1"},
		"dynamodb://keyvalue?region=us-gov-west-1&eventual_reads=false":        {table: "keyvalue", region: "us-gov-west-1"},
		"dynamodb://keyvalue?region=us-east-1&endpoint=http%3A%2F%2F127.0.0.1": {table: "keyvalue", region: "us-east-1", endpoint: "http://127.0.0.1"},
	} {
		opened, err := Open(t.Context(), text)
		if err != nil {
			t.Errorf("Open(%q) = %v", text, err)
			continue
		}
		s := opened.(*Store)
		o := s.Client().Options()
		if s.Table() != want.table || o.Region != want.region || aws.ToString(o.BaseEndpoint) != want.endpoint ||
			s.backend.options.NoCreate != want.noCreate || s.backend.options.EventualReads != want.eventual {
			t.Errorf("Open(%q) has the table %q, region %q, endpoint %q, options %v", text, s.Table(), o.Region, aws.ToString(o.BaseEndpoint), s.backend.options)
		}
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Errorf("Close = %v", err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	isolate(t)
	for _, text := range []string{
		"", "dynamodb", "dynamodb://", "dynamodb:///x?region=a", "dynamodb:table?region=a", "redis://table?region=a",
		"dynamodb://table", // no region anywhere
		"dynamodb://ab?region=a", "dynamodb://a%20b?region=a", "dynamodb://table:80?region=a", "dynamodb://" + strings.Repeat("t", 256) + "?region=a",
		"dynamodb://table/path?region=a", "dynamodb://table?region=a#fragment", "dynamodb://canary:canary@table?region=a",
		"dynamodb://table?region=a&other=canary", "dynamodb://table?region=a&no_create=canary", "dynamodb://table?region=a&region=b",
		"dynamodb://table?region=", "dynamodb://table?region=a&endpoint=canary", "dynamodb://table?region=a&endpoint=ftp://canary",
		"dynamodb://table?region=a&no_create=true&no_create=true", "dynamodb://table?region=a;b", "dynamodb://table?%zz",
		"dynamodb://table?region=a&profile=nobody",
	} {
		store, err := Open(t.Context(), text)
		var e *core.Error
		if store != nil || !errors.Is(err, core.ErrInvalidOptions) || !errors.As(err, &e) || e.Op != "open" {
			t.Errorf("Open(%q) = %v, %v; want ErrInvalidOptions", text, store, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("Open(%q) repeats what may be secret: %v", text, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, "dynamodb://table?region=a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a context that is done = %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("New without a client = %v", err)
	}
	client := new(fake).client()
	for _, o := range []*Options{
		{Table: "ab"}, {Table: "with space"}, {Table: "arn:aws:dynamodb:a b"}, {Table: strings.Repeat("t", 256)},
	} {
		if _, err := New(client, o); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("New with the table %q = %v, want ErrInvalidOptions", o.Table, err)
		}
	}
	for _, o := range []*Options{nil, {}, {Table: "arn:aws:dynamodb:eu-west-1:123456789012:table/Some_table.x"}} {
		if _, err := New(client, o); err != nil {
			t.Errorf("New with the options %v = %v", o, err)
		}
	}
}

// Every option has its effect on every read.
func TestEventualReads(t *testing.T) {
	for _, eventual := range []bool{false, true} {
		f, store := newFake(t, &Options{EventualReads: eventual}, func(string, int, map[string]any) (int, any) { return 200, object{} })
		_, _ = store.Get(t.Context(), "c", "k")
		_, _ = store.GetMany(t.Context(), "c", []string{"k"})
		for range store.Keys(t.Context(), "c") {
		}
		for range store.Collections(t.Context()) {
		}
		reads := 0
		for _, r := range f.requests {
			consistent := r.body["ConsistentRead"]
			switch r.operation {
			case "BatchGetItem":
				consistent = r.body["RequestItems"].(object)["keyvalue"].(object)["ConsistentRead"]
			case "DescribeTable":
				continue
			}
			reads++
			if consistent != !eventual {
				t.Errorf("%s is consistent: %v, want %v", r.operation, consistent, !eventual)
			}
		}
		if reads != 4 {
			t.Errorf("there were %d reads, want 4", reads)
		}
	}
}

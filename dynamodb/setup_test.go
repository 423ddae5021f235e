package dynamodb

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
)

// service is what a server with one table, or none, answers.
type service struct {
	fake
	mutex sync.Mutex
	state string // of the table, empty where there is none
	until time.Time
	then  string // the state from then on
	ttl   string
	keys  object // the description, ready if nil
}

func newService(t *testing.T, options *Options) (*service, *Store) {
	t.Helper()
	s := &service{ttl: "DISABLED"}
	s.answer = s.reply
	store, err := New(s.client(), options)
	if err != nil {
		t.Fatal(err)
	}
	return s, store
}

func (s *service) reply(operation string, _ int, _ map[string]any) (int, any) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !s.until.IsZero() && !time.Now().Before(s.until) {
		s.state, s.until = s.then, time.Time{}
	}
	missing := s.state == "" || (s.state != "ACTIVE" && operation != "DescribeTable" && operation != "CreateTable")
	switch {
	case operation == "CreateTable" && s.state != "":
		return http.StatusBadRequest, failed("ResourceInUseException")
	case operation == "CreateTable":
		s.state, s.then, s.until = "CREATING", "ACTIVE", time.Now().Add(10*time.Second)
		return http.StatusOK, object{}
	case missing:
		return http.StatusBadRequest, failed("ResourceNotFoundException")
	case operation == "DescribeTable":
		described := object{}
		maps.Copy(described, ready)
		maps.Copy(described, s.keys)
		described["TableStatus"] = s.state
		return http.StatusOK, object{"Table": described}
	case operation == "DescribeTimeToLive":
		return http.StatusOK, object{"TimeToLiveDescription": object{"TimeToLiveStatus": s.ttl}}
	case operation == "UpdateTimeToLive" && s.ttl != "DISABLED":
		return http.StatusBadRequest, failed("ValidationException")
	case operation == "UpdateTimeToLive":
		s.ttl = "ENABLING"
	}
	return http.StatusOK, object{}
}

func TestSetupMakesTable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newService(t, nil)
		if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
			t.Errorf("Get without a table = %v, want %v", err, core.ErrNotFound)
		}
		if s.count("CreateTable") != 0 {
			t.Error("Get made a table")
		}
		start := time.Now()
		for range 3 {
			if err := store.Put(t.Context(), "c", "k", value, core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(start); waited < 10*time.Second || waited > 13*time.Second {
			t.Errorf("Put waited %v for the table, want somewhat more than 10s", waited)
		}
		if s.count("CreateTable") != 1 || s.count("UpdateTimeToLive") != 1 || s.ttl != "ENABLING" {
			t.Errorf("there were %d tables made and %d set to expire, want 1 of each", s.count("CreateTable"), s.count("UpdateTimeToLive"))
		}

		// Somebody removes the table: the next write makes it again.
		s.mutex.Lock()
		s.state, s.ttl = "DELETING", "DISABLED"
		s.then, s.until = "", time.Now().Add(5*time.Second)
		s.mutex.Unlock()
		if err := store.Put(t.Context(), "c", "k", value, core.NoTTL); err != nil {
			t.Errorf("Put after the table was removed = %v", err)
		}
		if s.count("CreateTable") != 2 || s.ttl != "ENABLING" {
			t.Errorf("the table was made %d times, want 2", s.count("CreateTable"))
		}
	})
}

func TestSetupRaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, first := newService(t, nil)
		var group sync.WaitGroup
		for range 8 {
			other, err := New(first.Client(), nil) // as another process
			if err != nil {
				t.Fatal(err)
			}
			group.Go(func() {
				if err := other.Setup(t.Context()); err != nil {
					t.Errorf("Setup beside others = %v", err)
				}
			})
		}
		group.Wait()
		if s.state != "ACTIVE" || s.ttl != "ENABLING" {
			t.Errorf("the table is %s and its expiry %s", s.state, s.ttl)
		}
	})
}

func TestSetupHasPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newService(t, nil)
		s.state = "CREATING"
		start := time.Now()
		err := store.Setup(t.Context())
		if !errors.Is(err, core.ErrSetup) || time.Since(start) > setupPatience+time.Second {
			t.Errorf("Setup = %v after %v, want ErrSetup after %v", err, time.Since(start), setupPatience)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start = time.Now()
		if err := store.Put(ctx, "c", "k", value, core.NoTTL); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("Put = %v after %v, want the deadline after 1s", err, time.Since(start))
		}
	})
}

// A table that is there is used as it is, or not at all.
func TestSetupOfOtherTables(t *testing.T) {
	for name, c := range map[string]struct {
		options *Options
		state   string
		keys    object
		ttl     string
		wanted  string // in the error
		update  int
	}{
		"ours":               {state: "ACTIVE", ttl: "DISABLED", update: 1},
		"expires already":    {state: "ACTIVE", ttl: "ENABLED"},
		"never to change":    {state: "ACTIVE", ttl: "DISABLED", options: &Options{NoCreate: true}},
		"never to be made":   {state: "", options: &Options{NoCreate: true}, wanted: "missing"},
		"cannot be reached":  {state: "INACCESSIBLE_ENCRYPTION_CREDENTIALS", wanted: "INACCESSIBLE"},
		"other keys":         {state: "ACTIVE", keys: object{"KeySchema": []object{{"AttributeName": "id", "KeyType": "HASH"}}}, wanted: "other keys"},
		"keys of other type": {state: "ACTIVE", keys: object{"AttributeDefinitions": []object{{"AttributeName": "key", "AttributeType": "N"}}}, wanted: "other keys"},
	} {
		t.Run(name, func(t *testing.T) {
			s, store := newService(t, c.options)
			s.state, s.keys, s.ttl = c.state, c.keys, c.ttl
			err := store.Setup(t.Context())
			if c.wanted == "" && err != nil || c.wanted != "" && (!errors.Is(err, core.ErrSetup) || !strings.Contains(err.Error(), c.wanted)) {
				t.Errorf("Setup = %v, want an error with %q", err, c.wanted)
			}
			if s.count("CreateTable") != 0 || s.count("UpdateTimeToLive") != c.update {
				t.Errorf("there were %d tables made and %d changed, want 0 and %d", s.count("CreateTable"), s.count("UpdateTimeToLive"), c.update)
			}
		})
	}
}

// Where the table must exist, that it does not is no miss.
func TestMissingTableThatMustExist(t *testing.T) {
	s, store := newService(t, &Options{NoCreate: true})
	if _, err := store.Get(t.Context(), "c", "k"); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Get = %v, want ErrSetup", err)
	}
	if _, err := store.GetMany(t.Context(), "c", []string{"k"}); !errors.Is(err, core.ErrSetup) {
		t.Errorf("GetMany = %v, want ErrSetup", err)
	}
	if _, err := store.Delete(t.Context(), "c", "k"); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Delete = %v, want ErrSetup", err)
	}
	if err := store.Put(t.Context(), "c", "k", value, core.NoTTL); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Put = %v, want ErrSetup", err)
	}
	if err := store.Ping(t.Context()); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Ping = %v, want ErrSetup", err)
	}
	if s.count("CreateTable") != 0 {
		t.Error("a table was made")
	}
}

// The caller may say what kind of table is made, but not what its keys are.
func TestCreateTable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newService(t, &Options{Table: "mine", CreateTable: func(input *dynamodb.CreateTableInput) {
			input.TableName, input.KeySchema = aws.String("other"), nil
			input.DeletionProtectionEnabled = aws.Bool(true)
			input.Tags = []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}
		}})
		if err := store.Setup(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, r := range s.requests {
			if r.operation != "CreateTable" {
				continue
			}
			if r.body["TableName"] != "mine" || r.body["DeletionProtectionEnabled"] != true || r.body["BillingMode"] != "PAY_PER_REQUEST" ||
				!reflect.DeepEqual(r.body["KeySchema"], plain(t, ready["KeySchema"])) {
				t.Errorf("the request is %v", r.body)
			}
		}
	})
}

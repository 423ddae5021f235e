package storetest

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// storeMethod is a method of a store, or a function of package core, as cases
// call it that speak of all of them.
type storeMethod struct {
	name  string // in Go, with what is special about the call
	op    string // in errors
	needs core.Capability

	// What it takes. takesItem is a value and a time to live.
	takesCollection, takesKey, takesItem bool

	// many says that the key, or the collection of one that takes no key, is
	// one of several. An error may speak of the whole call then.
	many bool

	// has, if set, reports whether the method is there to be called. Without
	// it package core answers in its place.
	has func(core.Store) bool

	// wipes says that it would empty a store that ignores what it should obey.
	wipes bool

	call func(context.Context, core.Store, callArguments) answer
}

// callArguments are those of all methods.
type callArguments struct {
	collection, key string
	value           json.RawMessage
	ttl             time.Duration
}

// answer is what a method returned.
type answer struct {
	err error

	// beside says that there was something else than zero beside the error.
	beside bool
}

// storeMethods are all methods. Bulk calls have the key at the end of a batch
// whose other keys are legal.
var storeMethods = []storeMethod{
	{name: "Get", op: "get", takesCollection: true, takesKey: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			entry, err := s.Get(ctx, a.collection, a.key)
			return answer{err, entry.Found()}
		}},
	{name: "GetAppend", op: "get", takesCollection: true, takesKey: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			entry, err := core.GetAppend(ctx, s, a.collection, a.key, []byte("prefix"))
			return answer{err, entry.Found()}
		}},
	{name: "GetMany", op: "get many", takesCollection: true, takesKey: true, many: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			entries, err := s.GetMany(ctx, a.collection, []string{"first", a.key})
			return answer{err, entries != nil}
		}},
	{name: "GetMany of no keys", op: "get many",
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			entries, err := s.GetMany(ctx, a.collection, nil)
			return answer{err, entries != nil}
		}},
	{name: "Put", op: "put", takesCollection: true, takesKey: true, takesItem: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			return answer{s.Put(ctx, a.collection, a.key, a.value, a.ttl), false}
		}},
	{name: "PutMany", op: "put many", takesCollection: true, takesKey: true, takesItem: true, many: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			return answer{s.PutMany(ctx, a.collection, []core.Item{
				{Key: "first", Value: json.RawMessage(`{}`)},
				{Key: a.key, Value: a.value, TTL: a.ttl},
			}), false}
		}},
	{name: "PutMany of no items", op: "put many",
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			return answer{s.PutMany(ctx, a.collection, nil), false}
		}},
	{name: "Delete", op: "delete", takesCollection: true, takesKey: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			live, err := s.Delete(ctx, a.collection, a.key)
			return answer{err, live}
		}},
	{name: "DeleteMany", op: "delete many", takesCollection: true, takesKey: true, many: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			count, err := s.DeleteMany(ctx, a.collection, []string{"first", a.key})
			return answer{err, count != 0}
		}},
	{name: "DeleteMany of no keys", op: "delete many",
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			count, err := s.DeleteMany(ctx, a.collection, nil)
			return answer{err, count != 0}
		}},
	{name: "Insert", op: "insert", needs: core.CanInsert, takesCollection: true, takesKey: true, takesItem: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			inserted, err := core.Insert(ctx, s, a.collection, a.key, a.value, a.ttl)
			return answer{err, inserted}
		}},
	{name: "Keys", op: "keys", needs: core.CanKeys, takesCollection: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			return onlyError(core.Keys(ctx, s, a.collection))
		}},
	{name: "Collections", op: "collections", needs: core.CanCollections,
		call: func(ctx context.Context, s core.Store, _ callArguments) answer {
			return onlyError(core.Collections(ctx, s))
		}},
	{name: "DestroyCollection", op: "destroy collection", needs: core.CanDestroyCollection, takesCollection: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			existed, err := core.DestroyCollection(ctx, s, a.collection)
			return answer{err, existed}
		}},
	{name: "Destroy", op: "destroy", needs: core.CanDestroy, wipes: true,
		call: func(ctx context.Context, s core.Store, _ callArguments) answer {
			return answer{core.Destroy(ctx, s), false}
		}},
	{name: "Cull", op: "cull", needs: core.CanCull,
		call: func(ctx context.Context, s core.Store, _ callArguments) answer {
			count, err := core.Cull(ctx, s)
			return answer{err, count != 0}
		}},
	{name: "Setup", op: "setup", has: setsUp,
		call: func(ctx context.Context, s core.Store, _ callArguments) answer {
			return answer{core.Setup(ctx, s), false}
		}},
	{name: "Setup of a collection", op: "setup", has: setsUp, takesCollection: true, many: true,
		call: func(ctx context.Context, s core.Store, a callArguments) answer {
			return answer{core.Setup(ctx, s, a.collection), false}
		}},
	{name: "Ping", op: "ping", needs: core.CanPing,
		call: func(ctx context.Context, s core.Store, _ callArguments) answer {
			return answer{core.Ping(ctx, s), false}
		}},
}

// onlyError is the answer of a listing whose first element should be an error.
func onlyError(names iter.Seq2[string, error]) (a answer) {
	names(func(name string, err error) bool {
		a = answer{err, name != ""}
		return err == nil
	})
	return a
}

func setsUp(s core.Store) bool {
	_, ok := core.As[core.Setupper](s)
	return ok
}

// answers reports whether the store has the method.
func (r *caseRun) answers(m *storeMethod) bool {
	return r.can(m.needs) && (m.has == nil || m.has(r.store))
}

// methods returns the methods that the store has and that satisfy the
// condition, except those that wipe.
func (r *caseRun) methods(condition func(*storeMethod) bool) []*storeMethod {
	var methods []*storeMethod
	for i := range storeMethods {
		if m := &storeMethods[i]; r.answers(m) && !m.wipes && condition(m) {
			methods = append(methods, m)
		}
	}
	return methods
}

func anyMethod(*storeMethod) bool         { return true }
func takesKey(m *storeMethod) bool        { return m.takesKey }
func takesItem(m *storeMethod) bool       { return m.takesItem }
func takesCollection(m *storeMethod) bool { return m.takesCollection }

// methodNamed returns the method of that name, which exists.
func methodNamed(name string) *storeMethod {
	return &storeMethods[slices.IndexFunc(storeMethods, func(m storeMethod) bool { return m.name == name })]
}

// legal are callArguments that no store refuses.
func (s *scenario) legal() callArguments {
	return callArguments{collection: s.collection, key: "k", value: json.RawMessage(`{"a":1}`)}
}

// ask calls the method within the time allowed.
func (s *scenario) ask(m *storeMethod, a callArguments) answer {
	ctx, cancel := s.within()
	defer cancel()
	return m.call(ctx, s.store, a)
}

// with is how a call of the method is written in a message.
func (r *caseRun) with(m *storeMethod, a callArguments) string {
	name, rest, of := strings.Cut(m.name, " of no ")
	name, _, _ = strings.Cut(name, " ")
	var names []string
	if m.takesCollection || of {
		names = append(names, r.named(a.collection))
	}
	if m.many && m.takesKey {
		names = append(names, `"first"`)
	}
	if m.takesKey {
		names = append(names, quoted(a.key))
	}
	text := name + "(" + strings.Join(names, ", ") + ")"
	if of {
		text += " of no " + rest
	}
	return text
}

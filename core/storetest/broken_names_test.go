package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// key changes legal keys alone.
func key(change func(string) string) func(*altered) {
	return anyKey(func(key string) string {
		if core.CheckKey(key) != nil {
			return key
		}
		return change(key)
	})
}

func anyKey(change func(string) string) func(*altered) {
	return func(a *altered) {
		a.renames(func(collection, key string) (string, string) { return collection, change(key) })
	}
}

// collection changes legal collections alone, the default one by its name.
func collection(change func(string) string) func(*altered) {
	return anyCollection(func(collection string) string {
		if collection == "" || core.CheckCollection(collection) != nil {
			return collection
		}
		return change(collection)
	})
}

func anyCollection(change func(string) string) func(*altered) {
	return func(a *altered) {
		a.renames(func(collection, key string) (string, string) { return change(collection), key })
	}
}

// compound makes one name of both, as an author does who knows no other way.
func compound(separator string) func() core.Store {
	return func() core.Store {
		s := newShelf()
		s.physical = func(collection, key string) (string, string) { return "", collection + separator + key }
		a := &altered{reference: newReferenceWith(s, nil)}
		a.supports = func(wanted core.Capability) bool { return core.CanInsert.Has(wanted) }
		return &inserting{a}
	}
}

// refusing has the driver refuse names.
func refusing(refuses func(collection, key string) bool) *driver.Options {
	return &driver.Options{CheckName: func(collection, key string) error {
		if refuses(collection, key) {
			return fmt.Errorf("%w: not here", core.ErrInvalidKey)
		}
		return nil
	}}
}

func insertAlone(o *Options) { o.Capabilities, o.Corrupt = core.CanInsert, nil }

var brokenNames = []brokenStore{
	{name: "an empty collection is one of its own", rule: 1, alter: anyCollection(func(c string) string {
		if c == "" {
			return "\x00"
		}
		return c
	})},
	{name: "PutMany has another default collection", rule: 1, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if collection == "" {
				collection = "main"
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "Insert has another default collection", rule: 1, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			if collection == "" {
				collection = "main"
			}
			return a.reference.Insert(ctx, collection, key, value, ttl)
		}
	}},
	{name: "Keys of the empty collection is empty", rule: 1, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			if collection == "" {
				return func(func(string, error) bool) {}
			}
			return a.reference.Keys(ctx, collection)
		}
	}},
	{name: "Collections has an empty name", rule: 1, alter: func(a *altered) {
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for name, err := range a.reference.Collections(ctx) {
					if name == core.DefaultCollection {
						name = ""
					}
					if !yield(name, err) {
						return
					}
				}
			}
		}
	}},
	{name: "DestroyCollection does not know the default collection", rule: 1, alter: func(a *altered) {
		a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
			if collection == "" {
				return false, nil
			}
			return a.reference.DestroyCollection(ctx, collection)
		}
	}},
	{name: "Setup refuses the empty collection", rule: 1, alter: func(a *altered) {
		a.setup = func(ctx context.Context, collections ...string) error {
			if len(collections) == 1 && collections[0] == "" {
				return refusal("setup", "", "", core.ErrInvalidKey)
			}
			return a.reference.Setup(ctx, collections...)
		}
	}},

	{name: "keys in lower case", rule: 2, alter: key(strings.ToLower)},
	{name: "collections in lower case", rule: 2, alter: collection(strings.ToLower)},
	{name: "keys trimmed", rule: 2, alter: key(strings.TrimSpace)},
	{name: "collections trimmed", rule: 2, alter: collection(strings.TrimSpace)},
	{name: "keys composed", rule: 2, alter: key(strings.NewReplacer("e\u0301", "é", "A\u030a", "Å").Replace)},
	{name: "keys end at NUL", rule: 2, alter: key(func(k string) string {
		before, _, _ := strings.Cut(k[1:], "\x00")
		return k[:1] + before
	})},
	{name: "keys are paths", rule: 2, alter: key(path.Clean)},
	{name: "collections are paths", rule: 2, alter: collection(path.Clean)},
	{name: "keys are unescaped", rule: 2, alter: key(func(k string) string {
		if plain, err := url.PathUnescape(k); err == nil {
			return plain
		}
		return k
	})},
	{name: "keys are cut at 255 bytes", rule: 2, alter: key(func(k string) string {
		if len(k) > 255 {
			return strings.ToValidUTF8(k[:255], "")
		}
		return k
	})},
	{name: "collections are cut at 255 bytes", rule: 2, alter: collection(func(c string) string {
		if len(c) > 255 {
			return strings.ToValidUTF8(c[:255], "")
		}
		return c
	})},
	{name: "a reserved collection is another", rule: 2, alter: collection(func(c string) string {
		if c == "Default_Collection" {
			return core.DefaultCollection
		}
		return c
	})},
	{name: "control characters in keys are dropped", rule: 2, alter: key(strings.NewReplacer("\x0b", "", "\x0c", "").Replace)},
	{name: "names are joined by ::", rule: 2, store: compound("::"), option: insertAlone},
	{name: "names are joined by :", rule: 2, store: compound(":"), option: insertAlone},
	{name: "names are joined by __", rule: 2, store: compound("__"), option: insertAlone},
	{name: "names are joined by nothing", rule: 2, store: compound(""), option: insertAlone},
	{name: "collections are not looked at", rule: 2, alter: collection(func(string) string { return "all" })},
	{name: "keys are listed escaped", rule: 2, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return mapped(a.reference.Keys(ctx, collection), url.PathEscape)
		}
	}},
	{name: "collections are listed escaped", rule: 2, alter: func(a *altered) {
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return mapped(a.reference.Collections(ctx), url.PathEscape)
		}
	}},
	{name: "slashes in keys are refused", rule: 2, driver: refusing(func(_, k string) bool { return strings.Contains(k, "/") })},
	{name: "long keys are refused", rule: 2, driver: refusing(func(_, k string) bool { return len(k) > 1024 })},
	{name: "long collections are refused", rule: 2, driver: refusing(func(c, _ string) bool { return len(c) > 1024 })},
	{name: "reserved collections are refused", rule: 2, driver: refusing(func(c, _ string) bool { return c == "$cmd" })},
	{name: "the empty key is taken", rule: 2, alter: anyKey(func(k string) string {
		if k == "" {
			return "\x00empty"
		}
		return k
	})},
	{name: "invalid UTF-8 in a key is repaired", rule: 2, alter: anyKey(func(k string) string { return strings.ToValidUTF8(k, "?") })},
	{name: "invalid UTF-8 in a collection is repaired", rule: 2, alter: anyCollection(func(c string) string { return strings.ToValidUTF8(c, "?") })},
	{name: "Setup takes any name", rule: 2, alter: func(a *altered) {
		a.setup = func(ctx context.Context, collections ...string) error { return a.reference.Setup(ctx) }
	}},
	{name: "DestroyCollection takes a prefix", rule: 2, alter: func(a *altered) {
		a.destroyCollection = func(ctx context.Context, collection string) (existed bool, err error) {
			existed, err = a.reference.DestroyCollection(ctx, collection)
			for other := range a.Collections(ctx) {
				if strings.HasPrefix(other, collection) {
					a.reference.DestroyCollection(ctx, other)
				}
			}
			return existed, err
		}
	}},
	{name: "Keys takes a prefix", rule: 2, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for other := range a.Collections(ctx) {
					for name, err := range a.reference.Keys(ctx, other) {
						if strings.HasPrefix(other, collection) && !yield(name, err) {
							return
						}
					}
				}
			}
		}
	}},
	{name: "Delete clears the other collections", rule: 2, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			live, err := a.reference.Delete(ctx, collection, key)
			if live {
				for other := range a.Collections(ctx) {
					a.reference.Delete(ctx, other, key)
				}
			}
			return live, err
		}
	}},
	{name: "an error has the default collection's name", rule: 18, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			return a.reference.Get(ctx, core.CollectionName(collection), key)
		}
	}},
	{name: "an error has no key", rule: 18, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			live, err := a.reference.Delete(ctx, collection, key)
			return live, core.MapErrors(err, func(e core.Error) core.Error { e.Key = ""; return e })
		}
	}},
	{name: "an error has no operation", rule: 18, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			return entries, core.MapErrors(err, func(e core.Error) core.Error { e.Op = ""; return e })
		}
	}},
	{name: "an error is not a core.Error", rule: 18, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if err := a.reference.Put(ctx, collection, key, value, ttl); err != nil {
				return fmt.Errorf("put: %w", err)
			}
			return nil
		}
	}},

	// Options that are not true.
	{name: "a limit of keys is not enforced", rule: 2, option: func(o *Options) { o.MaxKey = 512 }},
	{name: "a limit of collections is not enforced", rule: 2, option: func(o *Options) { o.MaxCollection = 512 }},
	{name: "a limit of keys is lower", rule: 2, option: func(o *Options) { o.MaxKey = 1000 },
		driver: refusing(func(_, k string) bool { return len(k) >= 1000 })},
	{name: "a limit of collections is lower", rule: 2, option: func(o *Options) { o.MaxCollection = 2000 },
		driver: refusing(func(c, _ string) bool { return len(c) >= 2000 })},
	{name: "a limit counts characters", rule: 2, option: func(o *Options) { o.MaxKey = 1000 },
		driver: refusing(func(_, k string) bool { return utf8.RuneCountInString(k) > 1000 })},
	{name: "a limit is an ErrTooLarge", rule: 2, option: func(o *Options) { o.MaxKey = 1000 },
		driver: &driver.Options{CheckName: func(_, k string) error { return core.CheckSize(len(k), 1000) }}},
	{name: "a name that is documented to be refused is taken", rule: 2,
		option: func(o *Options) { o.RefusesName = func(_, k string) bool { return strings.Contains(k, "\x00") } }},
	{name: "only Put refuses long keys", rule: 2, option: func(o *Options) { o.MaxKey = 1000 }, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if len(key) > 1000 && ctx.Err() == nil {
				return refusal("put", collection, key, core.ErrInvalidKey)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
}

// mapped is a listing with other names.
func mapped(names iter.Seq2[string, error], change func(string) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for name, err := range names {
			if err == nil {
				name = change(name)
			}
			if !yield(name, err) {
				return
			}
		}
	}
}

var errOfDatabase = errors.New("the database is not amused")

// inserting is a store that can do nothing more than insert.
type inserting struct{ core.Inserter }

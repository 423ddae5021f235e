package storetest

import (
	"context"
	"iter"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// listsAs replaces Keys by a listing that is made of the names.
func listsAs(list func(names []string) []string) func(*altered) {
	return func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return relisted(a.reference.Keys(ctx, collection), list)
		}
	}
}

func relisted(names iter.Seq2[string, error], list func([]string) []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var all []string
		for name, err := range names {
			if err == nil {
				all = append(all, name)
			} else if !yield("", err) {
				return
			}
		}
		slices.Sort(all)
		for _, name := range list(all) {
			if !yield(name, nil) {
				return
			}
		}
	}
}

var brokenListings = []brokenStore{
	{name: "Keys ends after 1,000", rule: 15, alter: listsAs(func(names []string) []string { return names[:min(1000, len(names))] })},
	{name: "Keys ends after 10,000", rule: 15, option: func(o *Options) { o.Many = 0 },
		alter: listsAs(func(names []string) []string { return names[:min(10_000, len(names))] })},
	{name: "Keys has the last one of a page again", rule: 15, alter: listsAs(func(names []string) []string {
		if len(names) > 1000 {
			names = slices.Insert(names, 1000, names[999])
		}
		return names
	})},
	{name: "Keys lacks the first", rule: 15, alter: listsAs(func(names []string) []string { return names[min(1, len(names)):] })},
	{name: "Keys has an empty name at the end", rule: 15, alter: listsAs(func(names []string) []string { return append(names, "") })},
	{name: "Keys lists what was deleted", rule: 15, alter: func(a *altered) {
		var deleted set
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			live, err := a.reference.Delete(ctx, collection, key)
			if live && key == "b" {
				deleted.add(collection)
			}
			return live, err
		}
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return relisted(a.reference.Keys(ctx, collection), func(names []string) []string {
				if deleted.has(collection) && !slices.Contains(names, "b") {
					names = append(names, "b")
				}
				return names
			})
		}
	}},
	{name: "Keys is paged by offset", rule: 15, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for offset := 0; ; offset += 500 {
					var all []string
					for name, err := range a.reference.Keys(ctx, collection) {
						if err != nil {
							yield("", err)
							return
						}
						all = append(all, name)
					}
					slices.Sort(all)
					for _, name := range all[min(offset, len(all)):min(offset+500, len(all))] {
						if !yield(name, nil) {
							return
						}
					}
					if len(all) <= offset+500 {
						return
					}
				}
			}
		}
	}},
	{name: "a listing that is left holds its slot", rule: 15, alter: func(a *altered) {
		slots := make(chan struct{}, 100)
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				if err := acquire(ctx, slots); err != nil {
					yield("", refusal("keys", collection, "", err))
					return
				}
				for name, err := range a.reference.Keys(ctx, collection) {
					if !yield(name, err) {
						return
					}
				}
				<-slots
			}
		}
	}},
	{name: "a listing holds a lock that Get takes", rule: 15, alter: func(a *altered) {
		lock := make(chan struct{}, 1)
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				if err := acquire(ctx, lock); err != nil {
					yield("", refusal("keys", collection, "", err))
					return
				}
				defer func() { <-lock }()
				a.reference.Keys(ctx, collection)(yield)
			}
		}
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if err := acquire(ctx, lock); err != nil {
				return core.Entry{}, refusal("get", collection, key, err)
			}
			defer func() { <-lock }()
			return a.reference.Get(ctx, collection, key)
		}
	}},
	{name: "a listing of collections holds a lock that GetMany takes", rule: 15, alter: func(a *altered) {
		lock := make(chan struct{}, 1)
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				if err := acquire(ctx, lock); err != nil {
					yield("", refusal("collections", "", "", err))
					return
				}
				defer func() { <-lock }()
				a.reference.Collections(ctx)(yield)
			}
		}
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			if err := acquire(ctx, lock); err != nil {
				return nil, refusal("get many", collection, "", err)
			}
			defer func() { <-lock }()
			return a.reference.GetMany(ctx, collection, keys)
		}
	}},
	{name: "a sequence can be ranged over once", rule: 15, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			used := false
			return func(yield func(string, error) bool) {
				if !used {
					used = true
					a.reference.Keys(ctx, collection)(yield)
				}
			}
		}
	}},
	{name: "a sequence goes on where it was left", rule: 15, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			var given set
			return func(yield func(string, error) bool) {
				for name, err := range a.reference.Keys(ctx, collection) {
					if (err != nil || given.add(name)) && !yield(name, err) {
						return
					}
				}
			}
		}
	}},
	{name: "a listing goes on after break", rule: 15, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for name, err := range a.reference.Keys(ctx, collection) {
					yield(name, err)
				}
			}
		}
	}},
	{name: "a listing goes on after an error", rule: 15, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for name, err := range a.reference.Keys(ctx, collection) {
					if !yield(name, err) {
						return
					}
					if err != nil {
						yield("again", nil)
					}
				}
			}
		}
	}},
	{name: "a name stands beside an error", rule: 12, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for name, err := range a.reference.Keys(ctx, collection) {
					if err != nil {
						name = "bad"
					}
					if !yield(name, err) {
						return
					}
				}
			}
		}
	}},
	{name: "a cancelled listing ends as if complete", rule: 15, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return silent(a.reference.Keys(ctx, collection), context.Canceled)
		}
	}},
	{name: "a closed listing ends as if complete", rule: 15, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return silent(a.reference.Keys(ctx, collection), core.ErrClosed)
		}
	}},
	{name: "Collections lists each entry", rule: 15, alter: func(a *altered) {
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return relisted(a.reference.Collections(ctx), func(names []string) []string { return append(names, names...) })
		}
	}},
	{name: "Collections ends after 1,000", rule: 15, alter: func(a *altered) {
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return relisted(a.reference.Collections(ctx), func(names []string) []string { return names[:min(1000, len(names))] })
		}
	}},
	{name: "Collections lists what is empty", rule: 15, alter: func(a *altered) {
		var deleted set
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			live, err := a.reference.Delete(ctx, collection, key)
			if live {
				deleted.add(collection)
			}
			return live, err
		}
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return relisted(a.reference.Collections(ctx), func(names []string) []string {
				deleted.mutex.Lock()
				defer deleted.mutex.Unlock()
				for name := range deleted.names {
					if !slices.Contains(names, name) {
						names = append(names, name)
					}
				}
				return names
			})
		}
	}},
}

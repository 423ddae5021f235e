// Package adapters has views of a store for those who use one: [Typed], Go
// values instead of JSON; [Required], missing keys as errors; [Bytes], any
// bytes, with views that satisfy the storage interfaces of web frameworks.
//
//	users, err := adapters.NewTyped[User](store, &adapters.TypedOptions{Collection: "users"})
//	...
//	err = users.Put(ctx, "ada", User{Name: "Ada"}, core.NoTTL)
//	ada, err := users.Get(ctx, "ada")
//
// # What Typed stores
//
// A store keeps JSON objects. Which of the two shapes a T has depends on the
// type alone, and it is what the adapters of the Python library write:
//
//	struct                                {"name":"Ada","age":36}
//	map of strings or integers            {"a":1}
//	bool, integer, float, string          {"items":5}
//	slice, array                          {"items":[1,2]}
//	[]byte                                {"items":"aGk="}    in base64, as encoding/json has it
//	time.Time                             {"items":"2026-01-01T00:00:00Z"}
//	pointer                               {"items":null} or {"items":{"name":"Ada"}}
//	any, json.RawMessage                  {"items":{"a":1}}
//	with its own MarshalJSON, MarshalText {"items":"…"}
//
// TypedOptions.Shape overrides that, for example for a type that writes an
// object by its own MarshalJSON.
package adapters

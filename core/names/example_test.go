package names_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-keyvalue/keyvalue/core/names"
)

func ExampleCompound() {
	fmt.Println(names.Compound("users", "ada"))
	fmt.Println(names.Compound("a", "b::c"))
	fmt.Println(names.Compound("a::b", "c"))
	// Output:
	// users::ada
	// a::b::c
	// ~kv1~a%3a%3ab::c
}

func ExampleAppendCompound() {
	key := names.AppendCompound([]byte("app/"), "users", "ada")
	fmt.Printf("%s\n", key)
	// Output: app/users::ada
}

func ExampleCompoundPrefix() {
	prefix := names.CompoundPrefix("a")
	for _, s := range []string{"a::1", "b::2", "~kv1~a%3a%3ab::3"} {
		if key, ok := strings.CutPrefix(s, prefix); ok {
			fmt.Println(key)
		}
	}
	// Output: 1
}

func ExampleSplitCompound() {
	for _, s := range []string{"users::ada", "~kv1~a%3a%3ab::c", "foreign"} {
		collection, key, ok := names.SplitCompound(s)
		fmt.Printf("%q %q %t\n", collection, key, ok)
	}
	// Output:
	// "users" "ada" true
	// "a::b" "c" true
	// "" "" false
}

func ExamplePrefix() {
	prefix, err := names.NewPrefix("app")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(prefix.Add("user:1"))
	fmt.Println(prefix.Strip("app__user:1"))
	fmt.Println(prefix.Strip("other__user:1"))
	// Output:
	// app__user:1
	// user:1 true
	//  false
}

func ExampleNewPrefix() {
	for _, text := range []string{"p", "p__q"} {
		prefix, err := names.NewPrefix(text)
		fmt.Println(prefix, err)
	}
	_, err := names.NewPrefix("")
	fmt.Println(err)
	// Output:
	// p__ <nil>
	// ~kv1~p%5f%5fq__ <nil>
	// invalid options: the prefix is empty
}

func ExampleJoiner() {
	var joiner names.Joiner
	fmt.Println(joiner.Join("users", "ada"))
	fmt.Println(joiner.Join("a", "b__c"))
	fmt.Println(joiner.Join("a__b", "c"))
	fmt.Println(joiner.Split("~kv1~a%5f%5fb__c"))
	// Output:
	// users__ada
	// a__b__c
	// ~kv1~a%5f%5fb__c
	// a__b c true
}

func ExampleNewJoiner() {
	joiner, err := names.NewJoiner("/")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(joiner.Join("users", "ada"), joiner.Join("a/b", "c"))
	// Output: users/ada ~kv1~a%2fb/c
}

// A file for every key, whatever it contains.
func ExampleScheme_fileNames() {
	for _, key := range []string{"user_1", "a/b", "Ada", "con.txt", "café"} {
		fmt.Println(filepath.Base(filepath.Join(os.TempDir(), names.FileNames.Encode(key)+".json")))
	}
	// Output:
	// user_1.json
	// ~kv1~a%2fb.json
	// ~kv1~%41da.json
	// ~kv1~con%2etxt.json
	// ~kv1~caf%c3%a9.json
}

func ExampleScheme_Decode() {
	long := names.FileNames.Encode(strings.Repeat("x", 300))
	for _, encoded := range []string{"user_1", "~kv1~a%2fb", long, "README.md"} {
		if name, ok := names.FileNames.Decode(encoded); ok {
			fmt.Println("the name is", name)
		} else if names.FileNames.Hashed(encoded) {
			fmt.Println("the name is in the entry")
		} else {
			fmt.Println("not a name that was encoded")
		}
	}
	// Output:
	// the name is user_1
	// the name is a/b
	// the name is in the entry
	// not a name that was encoded
}

// Words in lower case of at most 100 bytes: nothing else.
func ExampleNewScheme() {
	scheme, err := names.NewScheme(names.SchemeOptions{
		Allowed:    names.Lower + names.Digits + "-",
		MaxBytes:   100,
		Escape:     '-',
		Marker:     "kv1-",
		HashMarker: "kv1h-",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scheme.Encode("shopping-cart"), scheme.Encode("Café"))

	_, err = names.NewScheme(names.SchemeOptions{MaxBytes: 63})
	fmt.Println(err)
	// Output:
	// shopping-cart kv1--43af-c3-a9
	// invalid options: a hashed name has 70 bytes, and MaxBytes is 63
}

// A store of files that uses some names itself.
func ExampleFileNameOptions() {
	options := names.FileNameOptions()
	options.Reserved = func(name string) bool {
		return names.ReservedFileName(name) || strings.HasSuffix(name, ".tmp")
	}
	scheme := names.MustScheme(options)
	fmt.Println(scheme.Encode("a.json"), scheme.Encode("a.tmp"))
	// Output: a.json ~kv1~a%2etmp
}

// Keys that a Python program stores in a keyring, with the reference's V1
// strategy.
func ExampleStrategy() {
	var strategy names.Strategy = names.KeyringV1Key()
	for _, key := range []string{"user1", "hello world", "S_x"} {
		if err := strategy.Validate(key); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(strategy.Sanitize(key))
	}
	// Output:
	// user1
	// S_hello_world-b94d27b9
	// invalid key: the strategy reserves names that begin with H_ or S_: "S_x"
}

func ExampleNewHybrid() {
	strategy, err := names.NewHybrid(names.HybridOptions{
		MaxLength: 32,
		Allowed:   names.Lower,
		Hash:      names.HashAlways,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strategy.Sanitize("test"), strategy.Sanitize("user:1"))
	// Output: S_test-9f86d081 S_user_-abc3a47b
}

func ExampleNewAlwaysHash() {
	strategy, err := names.NewAlwaysHash(16)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strategy.Sanitize("a"))
	// Output: ca978112ca1bbdca
}

func ExampleNewHashExcessLength() {
	strategy, err := names.NewHashExcessLength(16)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strategy.Sanitize("short"), strategy.Sanitize("test with many spaces"))
	// Output: short H_b83e9990f5983b
}

func ExampleSanitizeString() {
	fmt.Println(names.SanitizeString("test with spaces", names.SanitizeOptions{MaxLength: 16, Allowed: names.Lower}))
	// Output: test_wi-ed2daf39 <nil>
}

func ExampleHashExcess() {
	fmt.Println(names.HashExcess(strings.Repeat("x", 17), 16, false))
	// Output: xxxxxxxxd04fd59f <nil>
}

func ExampleReplaceDisallowed() {
	fmt.Println(names.ReplaceDisallowed("a!!b!c", "abc", "_"))
	// Output: a_b_c
}

package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// packages are what the examples in the READMEs use.
var packages = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "json": "encoding/json", "log": "log", "os": "os", "time": "time",
	"slog": "log/slog", "tls": "crypto/tls", "http": "net/http",
}

func init() {
	for _, name := range []string{
		"adapters", "core", "disk", "dynamodb", "elasticsearch", "keyring", "memcached", "memory", "mongodb", "redis", "rocksdb",
		"valkey", "vault", "winregistry", "wrappers",
	} {
		packages[name] = "github.com/go-keyvalue/keyvalue/" + name
	}
}

// snippet makes a package, which nobody needs to link, of the first Go block of a README: the statements
// in the body of a function that returns an error, or declarations. Names that
// the block does not declare are those of packages, ctx, id and database.
func snippet(readme string) ([]byte, error) {
	_, after, ok := strings.Cut(readme, "```go\n")
	block, _, closed := strings.Cut(after, "```")
	if !ok || !closed {
		return nil, errors.New("no block of Go")
	}
	const head = "package scratch\n"
	body := block
	file, err := parser.ParseFile(token.NewFileSet(), "", head+body, parser.SkipObjectResolution)
	if err != nil {
		body = "func example(ctx context.Context, id string, database core.Store) error {\n" + block + "\nreturn nil\n}\n"
		file, err = parser.ParseFile(token.NewFileSet(), "", head+body, parser.SkipObjectResolution)
	}
	if err != nil {
		return nil, err
	}

	imports := make(map[string]bool)
	var declared []string
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SelectorExpr:
			if name, ok := node.X.(*ast.Ident); ok && packages[name.Name] != "" {
				imports[packages[name.Name]] = true
			}
		case *ast.FuncDecl:
			if node.Name.Name == "example" {
				declared = variables(node.Body)
			}
		}
		return true
	})
	// What an example shows and then leaves alone, it may.
	if len(declared) > 0 {
		use := strings.Repeat("_, ", len(declared)-1) + "_ = " + strings.Join(declared, ", ")
		body = strings.Replace(body, "\nreturn nil\n}\n", "\n"+use+"\nreturn nil\n}\n", 1)
	}
	var program strings.Builder
	program.WriteString(head + "import (\n")
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		fmt.Fprintf(&program, "%q\n", path)
	}
	program.WriteString(")\n" + body + "\n")
	return format.Source([]byte(program.String()))
}

// variables returns the variables that a block declares itself.
func variables(block *ast.BlockStmt) []string {
	var names []string
	for _, statement := range block.List {
		assignment, ok := statement.(*ast.AssignStmt)
		if !ok || assignment.Tok != token.DEFINE {
			continue
		}
		for _, left := range assignment.Lhs {
			if name := left.(*ast.Ident).Name; name != "_" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

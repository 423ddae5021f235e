package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// codeBlock is a generator: "code FILE NAME ..." is a block with declarations
// of a Go file that is compiled and tested, the body alone of a function whose
// name begins with Example.
func codeBlock(dir string, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("want a file and names")
	}
	name := filepath.Join(dir, filepath.FromSlash(args[0]))
	source, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.ParseComments)
	if err != nil {
		return "", err
	}
	at := func(p token.Pos) int { return set.Position(p).Offset }
	var parts []string
	for _, wanted := range args[1:] {
		declaration := find(file, wanted)
		switch declaration := declaration.(type) {
		case nil:
			return "", fmt.Errorf("%s declares no %s", name, wanted)
		case *ast.FuncDecl:
			if strings.HasPrefix(wanted, "Example") {
				body := string(source[at(declaration.Body.Lbrace)+1 : at(declaration.Body.Rbrace)])
				parts = append(parts, strings.ReplaceAll("\n"+strings.Trim(body, "\n"), "\n\t", "\n")[1:])
				continue
			}
			parts = append(parts, withComment(source, declaration.Doc, declaration, at))
		case *ast.GenDecl:
			parts = append(parts, withComment(source, declaration.Doc, declaration, at))
		}
	}
	return "```go\n" + strings.Join(parts, "\n\n") + "\n```", nil
}

// withComment returns the text of a declaration.
func withComment(source []byte, comment *ast.CommentGroup, node ast.Node, at func(token.Pos) int) string {
	start := node.Pos()
	if comment != nil {
		start = comment.Pos()
	}
	return string(source[at(start):at(node.End())])
}

// find returns the declaration of a function, method (Type.Name), type, variable or constant, or nil.
func find(file *ast.File, wanted string) ast.Decl {
	for _, declaration := range file.Decls {
		switch declaration := declaration.(type) {
		case *ast.FuncDecl:
			name := declaration.Name.Name
			if declaration.Recv != nil {
				receiver := declaration.Recv.List[0].Type
				if pointer, ok := receiver.(*ast.StarExpr); ok {
					receiver = pointer.X
				}
				if named, ok := receiver.(*ast.Ident); ok {
					name = named.Name + "." + name
				}
			}
			if name == wanted {
				return declaration
			}
		case *ast.GenDecl:
			for _, specification := range declaration.Specs {
				switch specification := specification.(type) {
				case *ast.TypeSpec:
					if specification.Name.Name == wanted {
						return declaration
					}
				case *ast.ValueSpec:
					if specification.Names[0].Name == wanted {
						return declaration
					}
				}
			}
		}
	}
	return nil
}

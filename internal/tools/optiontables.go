package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// optionTables is a generator: a table for each structure of options in the
// Go files of the directory, or for those named, with what their comments say.
func optionTables(dir string, names []string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	tables := make(map[string]string)
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return "", err
		}
		for _, declaration := range file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, specification := range general.Specs {
				named, ok := specification.(*ast.TypeSpec)
				if !ok || !named.Name.IsExported() || !strings.HasSuffix(named.Name.Name, "Options") {
					continue
				}
				if structure, ok := named.Type.(*ast.StructType); ok {
					tables[named.Name.Name] = optionTable(set, structure)
				}
			}
		}
	}
	if len(names) == 0 {
		for name := range tables {
			names = append(names, name)
		}
		slices.Sort(names)
	}
	if len(names) == 0 {
		return "", errors.New("no structure of options")
	}
	var b strings.Builder
	for _, name := range names {
		table, ok := tables[name]
		if !ok {
			return "", fmt.Errorf("no structure %s", name)
		}
		if table == "" {
			continue // there is nothing to choose
		}
		fmt.Fprintf(&b, "| `%s` | type | meaning |\n|---|---|---|\n%s\n", name, table)
	}
	return b.String(), nil
}

// optionTable returns the rows of one table.
func optionTable(set *token.FileSet, structure *ast.StructType) string {
	var b strings.Builder
	for _, field := range structure.Fields.List {
		var kind strings.Builder
		_ = printer.Fprint(&kind, set, field.Type)
		meaning := inOneLine(field.Doc.Text())
		var names []string
		for _, name := range field.Names {
			if name.IsExported() {
				names = append(names, "`"+name.Name+"`")
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&b, "| %s | `%s` | %s |\n", strings.Join(names, ", "), strings.Join(strings.Fields(kind.String()), " "), meaning)
		}
	}
	return b.String()
}

// inOneLine turns a comment into a cell of a table.
func inOneLine(text string) string {
	plain := docLink.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1")
	return strings.ReplaceAll(plain, "|", `\|`)
}

// docLink is a name of Go in brackets.
var docLink = regexp.MustCompile(`\[(\*?[A-Za-z][\w.]*)\]`)

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
	"strconv"
	"strings"
	"unicode"
)

// optionTables is a generator: a table for each structure of options in the
// Go files of the directory, or for those named, with what their comments say
// and the parameters of the directory's URLs that stand for them.
func optionTables(dir string, names []string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	structures := make(map[string]*ast.StructType)
	parameters := make(map[string]bool)
	defaults := make(map[string]string)
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return "", err
		}
		if filepath.Base(name) == urlFile {
			addStrings(parameters, file)
		}
		for _, declaration := range file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			addDefaults(defaults, set, general)
			for _, specification := range general.Specs {
				named, ok := specification.(*ast.TypeSpec)
				if !ok || !named.Name.IsExported() || !strings.HasSuffix(named.Name.Name, "Options") {
					continue
				}
				if structure, ok := named.Type.(*ast.StructType); ok {
					structures[named.Name.Name] = structure
				}
			}
		}
	}
	if len(names) == 0 {
		for name := range structures {
			names = append(names, name)
		}
		slices.Sort(names)
	}
	if len(names) == 0 {
		return "", errors.New("no structure of options")
	}
	var b strings.Builder
	for _, name := range names {
		structure, ok := structures[name]
		if !ok {
			return "", fmt.Errorf("no structure %s", name)
		}
		options := optionsOf(set, structure)
		for i := range options {
			options[i].meaning = withValues(options[i].meaning, defaults)
		}
		writeOptionTable(&b, name, options, parameters)
	}
	return b.String(), nil
}

// urlFile is where a backend takes its URLs apart. A parameter has the name of
// the option that it stands for, in lower case and with underscores.
const urlFile = "url.go"

// addStrings adds the texts of a file.
func addStrings(texts map[string]bool, file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts[text] = true
			}
		}
		return true
	})
}

// addDefaults adds the exported constants that are called defaults, and what
// they are as the source has it.
func addDefaults(defaults map[string]string, set *token.FileSet, declaration *ast.GenDecl) {
	if declaration.Tok != token.CONST {
		return
	}
	for _, specification := range declaration.Specs {
		constants := specification.(*ast.ValueSpec)
		for i, name := range constants.Names {
			if strings.HasPrefix(name.Name, "Default") && i < len(constants.Values) {
				defaults[name.Name] = source(set, constants.Values[i])
			}
		}
	}
}

var defaultName = regexp.MustCompile(`\b(?:\w+\.)?Default\w*`)

// withValues adds to each name of a default what it is.
func withValues(text string, defaults map[string]string) string {
	return defaultName.ReplaceAllStringFunc(text, func(name string) string {
		value, ok := defaults[name]
		if !ok {
			return name
		}
		return name + " (`" + value + "`)"
	})
}

// source returns a node as gofmt has it, in one line.
func source(set *token.FileSet, node ast.Node) string {
	var b strings.Builder
	_ = printer.Fprint(&b, set, node)
	return strings.Join(strings.Fields(b.String()), " ")
}

// An option is one field of a structure.
type option struct{ name, kind, meaning string }

// parameter returns the parameter of a URL that stands for the option.
func (o option) parameter(known map[string]bool) string {
	upper := func(i int) bool { return unicode.IsUpper(rune(o.name[i])) }
	var b strings.Builder
	for i, r := range o.name {
		if upper(i) && i > 0 && (!upper(i-1) || (i+1 < len(o.name) && !upper(i+1))) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	if !known[b.String()] {
		return ""
	}
	return "`" + b.String() + "`"
}

// writeOptionTable writes the table of a structure, or nothing if there is
// nothing to choose.
func writeOptionTable(b *strings.Builder, structure string, options []option, parameters map[string]bool) {
	if len(options) == 0 {
		return
	}
	inURLs := slices.ContainsFunc(options, func(o option) bool { return o.parameter(parameters) != "" })
	if inURLs {
		fmt.Fprintf(b, "| `%s` | in a URL | type | meaning |\n|---|---|---|---|\n", structure)
	} else {
		fmt.Fprintf(b, "| `%s` | type | meaning |\n|---|---|---|\n", structure)
	}
	for _, o := range options {
		if inURLs {
			fmt.Fprintf(b, "| `%s` | %s | `%s` | %s |\n", o.name, o.parameter(parameters), o.kind, o.meaning)
		} else {
			fmt.Fprintf(b, "| `%s` | `%s` | %s |\n", o.name, o.kind, o.meaning)
		}
	}
	b.WriteByte('\n')
}

// optionsOf returns the exported fields of a structure.
func optionsOf(set *token.FileSet, structure *ast.StructType) []option {
	var options []option
	for _, field := range structure.Fields.List {
		for _, name := range field.Names {
			if name.IsExported() {
				options = append(options, option{name.Name, source(set, field.Type), inOneLine(field.Doc.Text())})
			}
		}
	}
	return options
}

// inOneLine turns a comment into a cell of a table.
func inOneLine(text string) string {
	plain := docLink.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1")
	return strings.ReplaceAll(plain, "|", `\|`)
}

// docLink is a name of Go in brackets.
var docLink = regexp.MustCompile(`\[(\*?[A-Za-z][\w./]*)\]`)

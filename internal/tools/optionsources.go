package main

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// optionSources is what the Go files of a directory say of options.
type optionSources struct {
	set        *token.FileSet
	structures map[string]*ast.StructType // the exported ones called Options, or something with that
	defaults   map[string]string          // what the exported constants called Default are, as the source has it
	texts      map[string]bool            // those of urlFile, parameters of URLs among them
}

// urlFile is where a backend takes its URLs apart. A parameter has the name of
// the option that it stands for, in lower case and with underscores.
const urlFile = "url.go"

// readOptions reads the Go files of a directory, without tests.
func readOptions(dir string) (*optionSources, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	s := &optionSources{token.NewFileSet(), make(map[string]*ast.StructType), make(map[string]string), make(map[string]bool)}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(s.set, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		s.add(file)
		if filepath.Base(name) == urlFile {
			s.addTexts(file)
		}
	}
	return s, nil
}

func (s *optionSources) add(file *ast.File) {
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, specification := range general.Specs {
			switch specification := specification.(type) {
			case *ast.TypeSpec:
				structure, ok := specification.Type.(*ast.StructType)
				if name := specification.Name; ok && name.IsExported() && strings.HasSuffix(name.Name, "Options") {
					s.structures[name.Name] = structure
				}
			case *ast.ValueSpec:
				for i, name := range specification.Names {
					if general.Tok == token.CONST && strings.HasPrefix(name.Name, "Default") && i < len(specification.Values) {
						s.defaults[name.Name] = s.source(specification.Values[i])
					}
				}
			}
		}
	}
}

// addTexts adds the strings of a file.
func (s *optionSources) addTexts(file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				s.texts[text] = true
			}
		}
		return true
	})
}

// An option is an exported field of a structure.
type option struct{ name, kind, meaning string }

// options returns those of a structure, with the values of the defaults that
// their comments name.
func (s *optionSources) options(structure *ast.StructType) []option {
	var options []option
	for _, field := range structure.Fields.List {
		meaning := defaultName.ReplaceAllStringFunc(inOneLine(field.Doc.Text()), func(name string) string {
			if value, ok := s.defaults[name]; ok {
				return name + " (`" + value + "`)"
			}
			return name
		})
		for _, name := range field.Names {
			if name.IsExported() {
				options = append(options, option{name.Name, s.source(field.Type), meaning})
			}
		}
	}
	return options
}

// source returns a node as gofmt has it, in one line.
func (s *optionSources) source(node ast.Node) string {
	var b strings.Builder
	_ = printer.Fprint(&b, s.set, node)
	return strings.Join(strings.Fields(b.String()), " ")
}

// defaultName is the name of a default, of another package too.
var defaultName = regexp.MustCompile(`\b(?:\w+\.)?Default\w*`)

// inOneLine turns a comment into a cell of a table.
func inOneLine(text string) string {
	plain := docLink.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1")
	return strings.ReplaceAll(plain, "|", `\|`)
}

// docLink is a name of Go in brackets.
var docLink = regexp.MustCompile(`\[(\*?[A-Za-z][\w./]*)\]`)

package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// optionTables is a generator: a table for each structure of options in the
// Go files of the directory, or for those named, with what their comments say
// and the parameters of the directory's URLs that stand for them.
func optionTables(dir string, names []string) (string, error) {
	sources, err := readOptions(dir)
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(sources.structures))
	}
	if len(names) == 0 {
		return "", errors.New("no structure of options")
	}
	var b strings.Builder
	for _, name := range names {
		structure, ok := sources.structures[name]
		if !ok {
			return "", fmt.Errorf("no structure %s", name)
		}
		writeOptionTable(&b, name, sources.options(structure), sources.texts)
	}
	return b.String(), nil
}

// writeOptionTable writes the table of a structure, or nothing if there is
// nothing to choose. It has a column for URLs if one of the options may be in
// one.
func writeOptionTable(b *strings.Builder, structure string, options []option, parameters map[string]bool) {
	if len(options) == 0 {
		return
	}
	inURLs := slices.ContainsFunc(options, func(o option) bool { return parameters[o.parameter()] })
	if inURLs {
		fmt.Fprintf(b, "| `%s` | in a URL | type | meaning |\n|---|---|---|---|\n", structure)
	} else {
		fmt.Fprintf(b, "| `%s` | type | meaning |\n|---|---|---|\n", structure)
	}
	for _, o := range options {
		fmt.Fprintf(b, "| `%s` |", o.name)
		switch parameter := o.parameter(); {
		case parameters[parameter]:
			fmt.Fprintf(b, " `%s` |", parameter)
		case inURLs:
			b.WriteString("  |")
		}
		fmt.Fprintf(b, " `%s` | %s |\n", o.kind, o.meaning)
	}
	b.WriteByte('\n')
}

// parameter returns what a parameter of a URL is called that stands for the
// option: its name in lower case, with an underscore before each further word.
func (o option) parameter() string {
	upper := func(i int) bool { return unicode.IsUpper(rune(o.name[i])) }
	var b strings.Builder
	for i, r := range o.name {
		if upper(i) && i > 0 && (!upper(i-1) || (i+1 < len(o.name) && !upper(i+1))) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

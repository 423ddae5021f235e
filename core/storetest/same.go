package storetest

import (
	"bytes"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// same reports whether a value that was read is the one that was written:
// equal as JSON, with numbers spelled as they were and members in their order,
// save for a store of documents.
func (r *caseRun) same(got json.RawMessage, want string) bool {
	return equalJSON(got, []byte(want), r.options.Documents)
}

func equalJSON(got, want []byte, documents bool) bool {
	if bytes.Equal(got, want) {
		return true
	}
	if jsonscan.Object(got, jsonscan.MaxDepth) != nil {
		return false
	}
	a, b := parser{got, 0}, parser{want, 0}
	return a.value().equal(b.value(), documents)
}

// node is one value of a JSON text. encoding/json would not do: it makes one
// of all lone surrogates and forgets the order of members.
type node struct {
	kind  byte   // the first byte of the text, 0 for a number
	text  string // of a scalar
	names []string
	nodes []node // members or elements
}

// parser reads JSON text that is known to be valid.
type parser struct {
	data []byte
	next int
}

func (p *parser) value() node {
	p.next = jsonscan.Space(p.data, p.next)
	switch c := p.data[p.next]; c {
	case '{', '[':
		return p.container(c)
	case '"':
		return node{kind: c, text: p.string()}
	case 't', 'f', 'n':
		return node{kind: c, text: p.token()}
	}
	return node{text: p.token()}
}

// container reads an object or an array. Of members of one name the last counts.
func (p *parser) container(kind byte) node {
	n := node{kind: kind}
	for p.next++; ; p.next++ {
		p.next = jsonscan.Space(p.data, p.next)
		if p.data[p.next] == kind+2 { // '}' or ']'
			p.next++
			return n
		}
		if kind == '{' {
			name := p.string()
			if i := slices.Index(n.names, name); i >= 0 {
				n.names = slices.Delete(n.names, i, i+1)
				n.nodes = slices.Delete(n.nodes, i, i+1)
			}
			n.names = append(n.names, name)
			p.next = jsonscan.Space(p.data, p.next) + 1 // the colon
		}
		n.nodes = append(n.nodes, p.value())
		if p.next = jsonscan.Space(p.data, p.next); p.data[p.next] != ',' {
			p.next++
			return n
		}
	}
}

func (p *parser) string() string {
	body := p.token()
	return string(jsonscan.AppendUnquoted(nil, []byte(body[1:len(body)-1])))
}

// token reads one scalar as it is spelled.
func (p *parser) token() string {
	end, err := jsonscan.Value(p.data, p.next, 1)
	if err != nil {
		panic("storetest: the suite compares text that is not JSON") // not reached
	}
	text := string(p.data[p.next:end])
	p.next = end
	return text
}

func (n node) equal(other node, documents bool) bool {
	if n.kind != other.kind || len(n.nodes) != len(other.nodes) {
		return false
	}
	switch n.kind {
	case '{':
		return n.equalMembers(other, documents)
	case '[':
		for i := range n.nodes {
			if !n.nodes[i].equal(other.nodes[i], documents) {
				return false
			}
		}
		return true
	case 0:
		return n.text == other.text || documents && sameNumber(n.text, other.text)
	}
	return n.text == other.text
}

func (n node) equalMembers(other node, documents bool) bool {
	for i, name := range n.names {
		j := i
		if documents {
			j = slices.Index(other.names, name)
		}
		if j < 0 || other.names[j] != name || !n.nodes[i].equal(other.nodes[j], documents) {
			return false
		}
	}
	return true
}

// sameNumber compares as a database of documents may: by what numbers mean,
// where one with a fraction or an exponent is the nearest float64.
func sameNumber(a, b string) bool {
	if strings.ContainsAny(a+b, ".eE") {
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		return x == y
	}
	x, _ := new(big.Int).SetString(a, 10)
	y, _ := new(big.Int).SetString(b, 10)
	return x.Cmp(y) == 0
}

package main

import (
	"fmt"
	"html"
	"math"
	"strings"
	"unicode/utf8"
)

const (
	rowHeight  = 20
	plotWidth  = 900
	rightSpace = 60
)

// plot draws horizontal bars from the line of 1, on a logarithmic scale:
// twice as fast and twice as slow are bars of the same length.
func plot(ratios []ratio) string {
	left, least, most := 0, 0.5, 2.0
	for _, r := range ratios {
		left = max(left, utf8.RuneCountInString(r.name))
		if r.value > 0 {
			least, most = min(least, r.value), max(most, r.value)
		}
	}
	labels := float64(left)*6.6 + 16
	width := plotWidth - labels - rightSpace
	at := func(value float64) float64 {
		return labels + width*(math.Log(value)-math.Log(least))/(math.Log(most)-math.Log(least))
	}
	height := len(ratios)*rowHeight + 30

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="ui-monospace, monospace" font-size="11">`+"\n", plotWidth, height)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	for i, r := range ratios {
		y := i*rowHeight + 4
		color := "#3a7d44" // faster
		switch {
		case r.value > 1.15:
			color = "#b5482f"
		case r.value > 1:
			color = "#c9a227"
		}
		fmt.Fprintf(&b, `<text x="%.0f" y="%d" text-anchor="end">%s</text>`+"\n", labels-8, y+12, html.EscapeString(r.name))
		if r.value <= 0 {
			continue
		}
		start, end := min(at(1), at(r.value)), max(at(1), at(r.value))
		fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", start, y, max(1, end-start), rowHeight-6, color)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d">%s</text>`+"\n", end+4, y+12, number(r.value))
	}
	bottom := len(ratios)*rowHeight + 4
	fmt.Fprintf(&b, `<line x1="%.1f" y1="0" x2="%.1f" y2="%d" stroke="black"/>`+"\n", at(1), at(1), bottom)
	fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">1: the same time; logarithmic</text>`+"\n", at(1), bottom+16)
	b.WriteString("</svg>\n")
	return b.String()
}

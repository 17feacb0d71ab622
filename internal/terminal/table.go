package terminal

import (
	"strings"
	"unicode/utf8"
)

// Table is rows in columns, two blanks apart.
type Table struct {
	Head []string
	Rows [][]string
	// Colour says in which colour a cell is shown; nil: as it is.
	Colour func(row, column int) Colour
}

// Lines shows the table, each line with an end. Cells are made safe.
func (p Paint) Lines(t Table) string {
	rows := [][]string{}
	if len(t.Head) > 0 {
		head := make([]string, len(t.Head))
		for i, name := range t.Head {
			head[i] = strings.ToUpper(name)
		}
		rows = append(rows, head)
	}
	rows = append(rows, t.Rows...)
	widths := widths(rows)
	var b strings.Builder
	for i, row := range rows {
		line := ""
		for column, cell := range row {
			cell = Safe(cell)
			pad := max(0, widths[column]-utf8.RuneCountInString(cell))
			line += p.In(t.colour(i, column), cell) + strings.Repeat(" ", pad+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// colour is that of a cell, counted with the head.
func (t Table) colour(row, column int) Colour {
	if len(t.Head) > 0 {
		if row == 0 {
			return Faint
		}
		row--
	}
	if t.Colour == nil {
		return Plain
	}
	return t.Colour(row, column)
}

func widths(rows [][]string) []int {
	var out []int
	for _, row := range rows {
		for column, cell := range row {
			if column == len(out) {
				out = append(out, 0)
			}
			out[column] = max(out[column], utf8.RuneCountInString(Safe(cell)))
		}
	}
	return out
}
